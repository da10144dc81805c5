"""What a check found."""

from typing import Literal

from server.contract.base import Model

Level = Literal["ok", "warning", "fault"]


class Finding(Model, frozen=True, kw_only=True):
    """One check: `found` says how it is, `advice` what to do, None when there is nothing to be done."""

    name: str
    level: Level
    found: str
    advice: str | None = None


def ok(name: str, found: str) -> Finding:
    """All is well."""
    return Finding(name=name, level="ok", found=found)


def warning(name: str, found: str, advice: str) -> Finding:
    """It works, but not as well as it could, or not for long."""
    return Finding(name=name, level="warning", found=found, advice=advice)


def fault(name: str, found: str, advice: str) -> Finding:
    """Something does not work."""
    return Finding(name=name, level="fault", found=found, advice=advice)

"""The event log of a run, line by line."""

from typing import Any, Literal

from server.contract.base import Model

EventType = Literal[
    "run.start",
    "run.end",
    "bar",
    "ord.place",
    "ord.fill",
    "ord.cancel",
    "ord.reject",
    "pos",
    "grp",
    "sig",
    "ind",
    "risk",
    "cash",
    "warn",
    "err",
]


class Event(Model, frozen=True, kw_only=True, rename={"type": "_t"}):
    """One thing that happened: `ts` ms since the epoch, `sq` rising from 1, `src` who tells it, `d` in camelCase."""

    ts: int
    sq: int
    type: EventType
    src: str
    d: dict[str, Any]

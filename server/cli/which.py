"""Which run a part of a RunKey names."""

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from server.cli.faults import Fault
from server.client.wire import KINDS

if TYPE_CHECKING:
    from server.cli.listing import AnyItem
    from server.client import Forge
    from server.contract.requests import RunKind

NEWEST: Final = "last"
_WHOLE: Final = re.compile(r".+_.+_\d{8}-\d{8}_[0-9a-f]{24}")
_ASKED: Final = 100
_LISTED: Final = 10
_WIDTH: Final = 100


class Named(NamedTuple):
    """A run by its whole key; `kind` is None when nobody had to be asked for it."""

    run_key: str
    kind: "RunKind | None"


def named_run(forge: "Forge", typed: str) -> Named:
    """The run of a RunKey, of a part of one that no other run has, or the newest for `last`; Fault when there is none.

    The beginning of a key or of its hash comes before the same text in the middle of others.
    """
    if _WHOLE.fullmatch(typed):
        return Named(typed, None)
    if typed.casefold() == NEWEST:
        return _newest(forge)
    found, total = _runs_with(forge, typed)
    if not found:
        raise Fault(f"no RunKey has {typed!r} in it; `forge list` lists the newest runs", code="run_not_found")
    first = [item for item in found if _begins(item.run_key.casefold(), typed.casefold())]
    chosen = first or found
    if len(chosen) > 1 or total > len(found):
        raise Fault(_ambiguous(typed, chosen))
    return _named(chosen[0])


def _newest(forge: "Forge") -> Named:
    newest = [item for kind in KINDS for item in forge.runs(kind, sort="-submittedAt", limit=1).items]
    if not newest:
        raise Fault("there are no runs yet; `forge submit --help` says how to start one", code="run_not_found")
    return _named(max(newest, key=lambda item: item.submitted_at))


def _runs_with(forge: "Forge", typed: str) -> "tuple[list[AnyItem], int]":
    """The newest runs whose key has the text in it, and how many there are when some were not asked for."""
    pages = [forge.runs(kind, q=typed, sort="-submittedAt", limit=_ASKED) for kind in KINDS]
    found = [item for page in pages for item in page.items if typed.casefold() in item.run_key.casefold()]
    left_out = sum(page.total_count - len(page.items) for page in pages)
    return sorted(found, key=lambda item: item.submitted_at, reverse=True), len(found) + left_out


def _begins(run_key: str, typed: str) -> bool:
    return run_key.startswith(typed) or run_key.rpartition("_")[2].startswith(typed)


def _ambiguous(typed: str, found: "list[AnyItem]") -> str:
    from server.cli.listing import runs_lines

    more = f"\n  … and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    listed = "".join(f"\n  {line}" for line in runs_lines(found[:_LISTED], _WIDTH))
    return f"{typed!r} may be any of these runs; give more of its key or the beginning of its hash{listed}{more}"


def _named(item: "AnyItem") -> Named:
    return Named(item.run_key, "optimization" if item.unit == "combinations" else "backtest")

"""Entity tags of a status: which revision a client has seen, and whether it still stands."""

import hashlib
import re
from typing import Final

from server.runs.port import RunView

_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"')
_WAIT: Final = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,6})", re.IGNORECASE)


def status_etag(view: RunView, query: str) -> str:
    """The tag over storeId, rev, queuePosition, resultAttempt and the query (in the order of its names)."""
    generation, seq = view.snapshot.rev
    seen = (view.snapshot.run.store_id, generation, seq, view.queue_position, view.result_attempt, query)
    return f'"{hashlib.sha256(repr(seen).encode()).hexdigest()[:32]}"'


def said(attempt: object, trials: str) -> str:
    """The query of a status, for its tag."""
    return f"{attempt}&{trials}"


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether the client has this version (weak comparison)."""
    if not if_none_match:
        return False
    if if_none_match.strip() == "*":
        return True
    return etag.strip('"') in _TAG.findall(if_none_match)


def wait_s(prefer: str | None, longest_s: int) -> int:
    """The seconds of `Prefer: wait=20`, at most `longest_s`; 0 without it."""
    found = _WAIT.search(prefer) if prefer else None
    return min(int(found[1]), longest_s) if found else 0

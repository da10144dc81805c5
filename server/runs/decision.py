"""What becomes of a submission, decided from what is known of its RunKey."""

from dataclasses import dataclass
from typing import TypeAlias

from server.contract.run import RunSnapshot
from server.runs.live_run import LiveRun
from server.store.port import StoredRun


@dataclass(frozen=True)
class Join:
    """An attempt with this key is under way: the submission is told of it."""

    snapshot: RunSnapshot


@dataclass(frozen=True)
class Answer:
    """A stored result has this key."""

    snapshot: RunSnapshot


@dataclass(frozen=True)
class Begin:
    """A new attempt starts."""

    attempt: int


@dataclass(frozen=True)
class Follow:
    """A new attempt waits until the cancelled one has ended."""

    attempt: int


Decision: TypeAlias = Join | Answer | Begin | Follow


def decide(live: LiveRun | None, stored: StoredRun | None, *, force: bool) -> Decision:
    """Joins what is under way, else answers from the store unless forced, else starts the next attempt."""
    if live is not None and not live.state.cancel_requested:
        return Join(live.snapshot)
    waiting = live.waiting[-1] if live is not None and live.waiting else None
    if waiting is not None and not waiting.cancelled:
        return Join(waiting.record.snapshot)
    if stored is not None and stored.completed is not None and stored.completed.stop_reason is None and not force:
        return Answer(stored.completed.snapshot)
    if live is not None:
        return Follow((waiting.record.attempt if waiting else live.attempt) + 1)
    return Begin(stored.newest.attempt + 1 if stored else 1)

"""What becomes of a submission, decided from what is known of its RunKey."""

from dataclasses import dataclass
from typing import TypeAlias

from server.contract.run import RunSnapshot
from server.runs.extras import has_extras, stored_has_extras
from server.runs.live_run import LiveRun
from server.runs.prepared import AnyPrepared
from server.runs.stopping import TIME_BUDGET
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
    """A new attempt waits until the one under way has ended: it was cancelled, or lacks an extra."""

    attempt: int


Decision: TypeAlias = Join | Answer | Begin | Follow


def decide(live: LiveRun | None, stored: StoredRun | None, asked: AnyPrepared, *, force: bool) -> Decision:
    """Joins what is under way, else answers from the store unless forced, else starts the next attempt.

    An attempt without an extra that is asked for is neither joined nor an answer, nor is one that a time budget cut
    short an answer.
    """
    if live is not None and joins(live, asked):
        return Join(live.snapshot)
    waiting = live.waiting[-1] if live is not None and live.waiting else None
    if waiting is not None and not waiting.cancelled and has_extras(waiting.prepared, asked):
        return Join(waiting.record.snapshot)
    completed = stored.completed if stored is not None and not force else None
    if completed is not None and completed.stop_reason != TIME_BUDGET and stored_has_extras(completed, asked):
        return Answer(completed.snapshot)
    if live is not None:
        return Follow((waiting.record.attempt if waiting else live.attempt) + 1)
    return Begin(stored.newest.attempt + 1 if stored else 1)


def joins(live: LiveRun, asked: AnyPrepared) -> bool:
    """Whether the attempt under way is one that a submission joins."""
    return not live.state.cancel_requested and has_extras(live.prepared, asked)

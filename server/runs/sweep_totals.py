"""Adds up what the trials of a sweep have come to."""

from collections import Counter
from typing import TYPE_CHECKING, Final

from server.contract.results import FailureGroup
from server.execution.tasks import TaskFailed, TrialsDone
from server.optimization.leaders import Standings
from server.runs.reused import ReusedChunk
from server.runs.sweep_messages import Standing

if TYPE_CHECKING:
    from server.contract.run import Mode

_LAST_ERROR_LIMIT: Final = 200


class SweepTotals:
    """Every trial that has ended, counted once; `standing` is what is told of them while the sweep goes on."""

    def __init__(self, sort_by: str) -> None:
        self.standing = Standing()
        self.simulated_s = 0.0
        self.mode: Mode = "interpreted"
        self.example_trace: str | None = None
        self._standings = Standings(sort_by)
        self._failures: dict[str, FailureGroup] = {}
        self._interpreted: Counter[str] = Counter()
        self._computed = 0

    def took(self, done: TrialsDone, stop: int, elapsed_s: float) -> None:
        """The outcome of a chunk, whose trials that ended are all before `stop`; `elapsed_s`: of its worker."""
        self.simulated_s += elapsed_s
        if done.completed + done.failed:
            self._standings.add_chunk(done.top, stop, done.completed + done.failed)
        self._note_failures(done.failures, done.failure_examples, done.example_trace)
        self.mode = done.mode
        self._computed += done.completed - done.reused
        self._interpreted.update(done.interpreted)
        self._stand(
            completed=done.completed,
            failed=done.failed,
            filtered=done.filtered,
            reused=done.reused,
            bars=done.bars,
            last_error=done.last_error,
        )

    def took_over(self, chunk: ReusedChunk) -> None:
        """Trials of earlier runs."""
        ended = chunk.completed + chunk.failed
        self._standings.add_chunk(chunk.top, chunk.stop, ended)
        self._note_failures(chunk.failures, chunk.examples, chunk.trace)
        self._stand(
            completed=chunk.completed, failed=chunk.failed, filtered=chunk.filtered, reused=ended, last_error=None
        )

    def gave_up(self, number: int, trial_key: str, failure: TaskFailed) -> None:
        """A trial that never ended by itself."""
        self._standings.add_chunk([], number + 1, 1)
        self._note_failures({failure.message: 1}, {failure.message: trial_key}, failure.stack_trace)
        self._stand(failed=1, last_error=failure.message)

    @property
    def ended(self) -> int:
        """Trials that have ended, however."""
        return self.standing.completed + self.standing.failed

    def failures(self) -> list[FailureGroup]:
        """Equal failures in groups, the largest first."""
        return sorted(self._failures.values(), key=lambda group: (-group.count, group.message))

    def why_all_failed(self) -> str | None:
        """The reason of most of them; None where a trial completed, or none ended."""
        standing = self.standing
        if standing.completed or not standing.failed:
            return None
        worst = self.failures()[0]
        return f"all {standing.failed:,} trials failed; {worst.count:,} of them with: {worst.message}"

    def why_interpreted(self) -> list[str]:
        """Tells once why trials that were to be compiled were not: the reason of most of them."""
        if not self._interpreted:
            return []
        ((why, count),) = self._interpreted.most_common(1)
        computed = self._computed
        return [f"interpreted: {why}" if count >= computed else f"{count:,} of {computed:,} trials interpreted: {why}"]

    def _stand(
        self,
        *,
        completed: int = 0,
        failed: int = 0,
        filtered: int = 0,
        reused: int = 0,
        bars: int = 0,
        last_error: str | None,
    ) -> None:
        before = self.standing
        self.standing = Standing(
            completed=before.completed + completed,
            failed=before.failed + failed,
            filtered=before.filtered + filtered,
            reused=before.reused + reused,
            bars=before.bars + bars,
            best=self._standings.best,
            top=self._standings.top,
            stagnation=self._standings.stagnation,
            last_error=last_error[:_LAST_ERROR_LIMIT] if last_error else before.last_error,
        )

    def _note_failures(self, counts: dict[str, int], examples: dict[str, str], trace: str | None) -> None:
        for message, count in counts.items():
            group = self._failures.get(message)
            self._failures[message] = FailureGroup(
                message=message,
                count=count + (group.count if group else 0),
                example_trial_key=group.example_trial_key if group else examples.get(message, ""),
            )
        self.example_trace = self.example_trace or trace

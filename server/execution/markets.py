"""Opens the job of a task of a sweep, or one for each data set where these are an axis."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy.typing as npt

from server.contract.base import ParamValue
from server.contract.requests import DATA_AXIS
from server.engine.backtest import Phases
from server.engine.outcome import EngineResult
from server.engine.player import Compiler
from server.engine.progress import Progress
from server.execution.job import Figures, OpenJob
from server.execution.tasks import SweepJob
from server.strategies.naming import snake_case

Set = Mapping[str, ParamValue]


class OpenMarkets:
    """Runs sets that name their data set as OpenJob runs others: each by the job of its data set."""

    def __init__(
        self, task: SweepJob, names: Iterable[str], compiler: Compiler | None = None, phases: Phases | None = None
    ) -> None:
        """`names`: the data sets that are needed, at least one; raises as OpenJob does."""
        wanted = set(names)
        self._jobs = {
            market.name: OpenJob(task.of_market(market), compiler, phases)
            for market in task.markets
            if market.name in wanted
        }
        self._any = next(iter(self._jobs.values()))

    @property
    def curve_rows(self) -> int:
        """The rows of the longest equity curve."""
        return max(job.curve_rows for job in self._jobs.values())

    def python_name(self, name: str) -> str:
        """As of OpenJob."""
        return snake_case(name) if name == DATA_AXIS else self._any.python_name(name)

    def trial_key(self, parameters: Set) -> str:
        """As of OpenJob."""
        return self._job(parameters).trial_key(_own(parameters))

    def key_of(self, parameters: Set) -> str:
        """As of OpenJob."""
        return self._job(parameters).key_of(_own(parameters))

    def simulate(
        self, key: str, parameters: Set, progress: Progress, equity_out: npt.NDArray[Any] | None = None
    ) -> EngineResult:
        """As of OpenJob."""
        return self._job(parameters).simulate(key, _own(parameters), progress, equity_out)

    def simulate_together(self, sets: Sequence[Set]) -> list[Figures]:
        """As of OpenJob; those of one data set go together."""
        job = self._job(sets[0])
        stop = next((place for place, one in enumerate(sets) if self._job(one) is not job), len(sets))
        return job.simulate_together([_own(one) for one in sets[:stop]])

    def _job(self, parameters: Set) -> OpenJob:
        return self._jobs[str(parameters[DATA_AXIS])]


def _own(parameters: Set) -> dict[str, ParamValue]:
    """The strategy's parameters."""
    return {name: value for name, value in parameters.items() if name != DATA_AXIS}

"""Opens what a job names in a worker: its strategy, its series with their cash flows."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from server.contract.base import ParamValue
from server.contract.catalogue import CashFlowKind
from server.contract.identity import TrialNames
from server.contract.results import Metrics
from server.data.bars import open_bars
from server.data.flows import open_flows
from server.data.stored import read_stored
from server.data.time_frames import parse_time_frame
from server.engine.backtest import Phases, run_backtest
from server.engine.events import EventSink
from server.engine.outcome import EngineResult
from server.engine.player import Compiler
from server.engine.plotting import PlotSink
from server.engine.progress import Progress
from server.engine.series import DIVIDEND, FLOW_DTYPE, FUNDING, NO_FLOWS, Series
from server.engine.trials import Trials
from server.execution.data_used import data_used, rows_within, warnings_about
from server.execution.tasks import DataSlice, Feed, Job
from server.strategies.errors import StrategyError, is_user_failure, strategy_error
from server.strategies.loading import load_strategy
from server.strategies.lots import may_draw_lots
from server.strategies.strategy import Strategy, normalize_parameters, parameters_of

_KINDS: Final[Mapping[CashFlowKind, int]] = {"funding": FUNDING, "dividends": DIVIDEND}


class Figures(NamedTuple):
    """What a trial came to that was played with others; `bars` of all series, none of one that is `repeated`: the same
    work as one before.
    """

    key: str
    metrics: Metrics
    bars: int
    repeated: bool


class OpenJob:
    """Runs single sets of parameters of a job: the one of a backtest, or those of a chunk, by the same code.

    `data_used` and `warnings` are what a result says about its data.
    """

    def __init__(self, job: Job, compiler: Compiler | None = None, phases: Phases | None = None) -> None:
        """`compiler` compiles the strategy; `phases` is told of the phases of runs that have no `phases` of their own.

        Raises StrategyError when the strategy does not import, OSError or ValueError when its bars are not there."""
        self._job = job
        self._compiler = compiler
        self._phases = phases
        with _telling_whose_fault():
            self._strategy_class = load_strategy(job.strategy)
            infos = parameters_of(self._strategy_class)
        self._python_names = {info.name: name for name, info in infos.items()}
        self._names = TrialNames(job.strategy.name, job.strategy.version, job.start_ms, job.end_ms, job.identity)
        self._plain = self._strategy_class.normalize is Strategy.normalize
        self._together: Trials | None = None
        self._known: dict[str, Metrics] = {}
        self._series = [_series(part, job.start_ms, job.end_ms) for part in job.data]
        # now: a data set may be deleted while its maps are in use
        self.data_used: Final = data_used(job.data, job.start_ms, job.end_ms)
        self.warnings: Final = warnings_about(job.data, job.start_ms, job.end_ms)

    @property
    def rows(self) -> int:
        """How many bars one run reads, those of all series."""
        return sum(part.rows for part in self._job.data)

    @property
    def curve_rows(self) -> int:
        """How many bars of the main series one run reads: the rows of its equity curve."""
        return self._job.data[0].rows

    def python_name(self, name: str) -> str:
        """How the strategy's code spells the parameter that requests call `name`; KeyError for an unknown one."""
        return self._python_names[name]

    def trial_key(self, parameters: Mapping[str, ParamValue]) -> str:
        """The trialKey of `parameters` after the strategy's `normalize`; StrategyError when that raises."""
        with _telling_whose_fault():
            normalized = normalize_parameters(self._strategy_class, parameters)
        return self.key_of(normalized)

    def key_of(self, parameters: Mapping[str, ParamValue]) -> str:
        """The trialKey of parameters that are taken as they stand."""
        return self._names.key(parameters)

    def simulate(
        self,
        key: str,
        parameters: Mapping[str, ParamValue],
        progress: Progress,
        equity_out: npt.NDArray[Any] | None = None,
        listeners: Sequence[EventSink] = (),
        *,
        phases: Phases | None = None,
        plots: PlotSink | None = None,
        tables: bool = False,
    ) -> EngineResult:
        """Runs the parameters whose trialKey is `key`; arguments and errors as in `run_backtest`."""
        _seed(key)
        result = run_backtest(
            self._strategy_class,
            parameters,
            self._series,
            self._job.settings,
            progress=progress,
            equity_out=equity_out,
            listeners=listeners,
            compiler=self._compiler,
            phases=phases or self._phases,
            plots=plots,
            tables=tables,
        )
        if not self._plain and result.status == "finished":
            self._known = {key: result.metrics}
        return result

    def simulate_together(self, sets: Sequence[Mapping[str, ParamValue]]) -> list[Figures]:
        """The figures of as many sets from the first on as machine code plays in one call; [] of none.

        The next one after them is for `simulate`, which may tell what is the matter with it.
        """
        if self._compiler is None or not self._job.settings.compile:
            return []
        keys = self._keys(sets)
        if self._together is None:
            self._together = Trials(self._strategy_class, self._series, self._job.settings, self._compiler)
        new = {key: place for place, key in reversed(list(enumerate(keys))) if key not in self._known}
        order = sorted(new, key=new.__getitem__)
        seed = (lambda place: _seed(order[place])) if self._draws else None
        metrics = self._together.play([sets[new[key]] for key in order], seed) if order else []
        known = self._known | dict(zip(order, metrics, strict=False))
        figures: list[Figures] = []
        for place, key in enumerate(keys):
            if key not in known:
                break
            repeated = new.get(key) != place
            figures.append(Figures(key, known[key], 0 if repeated else self.rows, repeated))
            self._known = {key: known[key]}
        return figures

    def _keys(self, sets: Sequence[Mapping[str, ParamValue]]) -> list[str]:
        """The trialKeys of sets from the first on, until the strategy's `normalize` raises."""
        if self._plain:
            return [self.key_of(parameters) for parameters in sets]
        keys: list[str] = []
        with suppress(StrategyError):
            keys.extend(map(self.trial_key, sets))
        return keys

    @cached_property
    def _draws(self) -> bool:
        return may_draw_lots(Path(self._job.strategy.directory))


def _series(part: DataSlice, start_ms: int, end_ms: int) -> Series:
    directory = Path(part.directory)
    return Series(
        bars=open_bars(directory),
        first=part.first_row,
        stop=part.stop_row,
        instrument=read_stored(directory).instrument,
        interval_ms=parse_time_frame(part.dataset.time_frame).ms,
        flows=_flows(part.feeds, start_ms, end_ms),
    )


def _flows(feeds: Sequence[Feed], start_ms: int, end_ms: int) -> npt.NDArray[Any]:
    """The cash flows of all feeds within the period, one after the other in time; at one instant in order of kind."""
    parts = []
    for feed in feeds:
        times, amounts = open_flows(Path(feed.directory))
        rows = rows_within(times, start_ms, end_ms)
        part = np.empty(rows.stop - rows.start, dtype=FLOW_DTYPE)
        part["ts"], part["kind"], part["amount"] = times[rows], _KINDS[feed.kind], amounts[rows]
        parts.append(part)
    flows = np.concatenate([NO_FLOWS, *parts])
    return flows[np.lexsort((flows["kind"], flows["ts"]))]


def _seed(key: str) -> None:
    """A strategy that draws lots draws the same ones in a sweep, alone, and in whatever worker it runs."""
    random.seed(key)
    np.random.seed(int(key[:8], 16))  # noqa: NPY002  # the state that user code shares is the legacy one


@contextmanager
def _telling_whose_fault() -> Iterator[None]:
    try:
        yield
    except (Exception, SystemExit) as error:
        if not is_user_failure(error):
            raise
        raise strategy_error(error) from error

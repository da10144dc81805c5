"""Opens what a job names in a worker: its strategy, its bars, the money that they are counted in."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from server.contract.base import ParamValue, format_instant
from server.contract.identity import trial_key
from server.contract.results import DataUsed
from server.data.bars import TS, open_bars
from server.data.stored import read_stored
from server.data.time_frames import parse_time_frame
from server.engine.backtest import run_backtest
from server.engine.events import EventSink
from server.engine.outcome import EngineResult
from server.engine.progress import Progress
from server.engine.series import Series
from server.execution.tasks import Job
from server.strategies.errors import is_user_failure, strategy_error
from server.strategies.loading import load_strategy
from server.strategies.strategy import normalize_parameters, parameters_of


class OpenJob:
    """Runs single sets of parameters of a job: the one of a backtest, or those of a chunk, by the same code."""

    def __init__(self, job: Job) -> None:
        """Raises StrategyError when the strategy does not import, OSError or ValueError when its bars are not there."""
        self._job = job
        with _telling_whose_fault():
            self._strategy_class = load_strategy(job.strategy)
            infos = parameters_of(self._strategy_class)
        self._python_names = {info.name: name for name, info in infos.items()}
        self._slice = job.data[0]
        directory = Path(self._slice.directory)
        self._series = Series(
            bars=open_bars(directory),
            first=self._slice.first_row,
            stop=self._slice.stop_row,
            instrument=read_stored(directory).instrument,
            interval_ms=parse_time_frame(self._slice.dataset.time_frame).ms,
        )

    @property
    def rows(self) -> int:
        """How many bars one run reads."""
        return self._slice.stop_row - self._slice.first_row

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
        job = self._job
        return trial_key(
            job.strategy.name, job.strategy.version, job.start_ms, job.end_ms, job.identity, dict(parameters)
        )

    def simulate(
        self,
        key: str,
        parameters: Mapping[str, ParamValue],
        progress: Progress,
        equity_out: npt.NDArray[Any] | None = None,
        listeners: Sequence[EventSink] = (),
    ) -> EngineResult:
        """Runs the parameters whose trialKey is `key`; arguments and errors as in `run_backtest`."""
        _seed(key)
        return run_backtest(
            self._strategy_class,
            parameters,
            [self._series],
            self._job.settings,
            progress=progress,
            equity_out=equity_out,
            listeners=listeners,
        )

    def data_used(self) -> list[DataUsed]:
        """What a result says about its data."""
        dataset = self._slice.dataset
        times = self._series.bars[TS, self._slice.first_row : self._slice.stop_row]
        return [
            DataUsed(
                dataset_id=dataset.id,
                content_hash=dataset.content_hash,
                rows=self.rows,
                first=format_instant(int(times[0])),
                last=format_instant(int(times[-1])),
                synthetic=dataset.synthetic,
            )
        ]


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

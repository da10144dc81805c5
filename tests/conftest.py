"""What tasks need to run for real: bars in a catalogue, frozen strategies, folders for results."""

import itertools
import textwrap
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import hypothesis
import numpy as np
import numpy.typing as npt
import pytest

from server.contract.base import ParamValue
from server.contract.requests import Account, Commission
from server.data.bars import open_bars, write_bars
from server.data.gaps import find_gaps
from server.data.instrument import Instrument
from server.data.staging import Draft, staged
from server.engine.settings import EngineSettings
from server.execution.tasks import BacktestTask, CalibrateTask, CurvesTask, CurveWanted, DataSlice, TrialsTask
from server.optimization.ranking import Ranking
from server.optimization.space import Space
from server.strategies.freezing import collect_source, discard, keep, source_hash, stage
from server.strategies.source import StrategySource

# a machine that is busy with other things draws and runs slowly, which says nothing of the code
hypothesis.settings.register_profile(
    "forge", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("forge")

HOUR_MS = 3_600_000
START_MS = 1_704_067_200_000
INSTRUMENT = Instrument(
    asset_name="ACME", exchange="TEST", tick_size=Decimal("0.01"), lot_size=Decimal("0.01"), quote="USD"
)
HEADER = "from server.strategies import Bar, Sma, Strategy, param\n"


def random_walk(rows: int, seed: int = 7) -> npt.NDArray[np.int64]:
    """Hourly bars around 100.00 in ticks of 0.01; (6, rows) int64 as the catalogue keeps them."""
    steps = np.random.default_rng(seed).integers(-40, 41, (4, rows))
    close = np.maximum(10_000 + np.cumsum(steps[0]), 1_000)
    opened = np.concatenate(([10_000], close[:-1])) + steps[1] // 8
    high = np.maximum(opened, close) + np.abs(steps[2]) // 4
    low = np.minimum(opened, close) - np.abs(steps[3]) // 4
    times = START_MS + np.arange(rows) * HOUR_MS
    return np.ascontiguousarray([times, opened, high, low, close, np.full(rows, 100)], dtype=np.int64)


class Workshop:
    """Makes tasks that run; everything lies under `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._numbers = itertools.count(1)

    def folder(self, name: str) -> Path:
        """A fresh folder under the root."""
        folder = self.root / f"{name}-{next(self._numbers)}"
        folder.mkdir()
        return folder

    def data(self, rows: int, seed: int = 7) -> DataSlice:
        """A random walk as a version of the catalogue, all of it."""
        bars = random_walk(rows, seed)
        catalogue = self.root / "datasets"
        catalogue.mkdir(exist_ok=True)
        with staged(catalogue) as made:
            with (made.dataset / "bars.npy").open("wb") as file:
                content_hash = write_bars(file, INSTRUMENT, rows, lambda row: [bars[row]])
            info, _ = made.publish(
                Draft(
                    instrument=INSTRUMENT,
                    time_frame="1h",
                    content_hash=content_hash,
                    rows=rows,
                    first_ms=int(bars[0, 0]),
                    last_ms=int(bars[0, -1]),
                    gaps=find_gaps(bars[0], HOUR_MS),
                    source="a random walk",
                    synthetic=True,
                    ingested_ms=START_MS,
                )
            )
        return DataSlice(dataset=info, directory=str(catalogue / info.id), first_row=0, stop_row=rows)

    def bars(self, data: DataSlice) -> npt.NDArray[np.int64]:
        """The bars of a slice, mapped."""
        return open_bars(Path(data.directory))[:, data.first_row : data.stop_row]

    def strategy(self, code: str, name: str = "Probe") -> StrategySource:
        """The strategy `name` of a file with this text under the usual imports, frozen and never imported here."""
        folder = self.folder("user")
        (folder / "probe.py").write_text(HEADER + textwrap.dedent(code))
        files = collect_source(folder, "probe.py")
        digest = source_hash("probe.py", files)
        frozen = self.root / "sources"
        scratch = stage(frozen, digest, files)
        directory = keep(frozen, digest, scratch)
        discard(scratch)
        return StrategySource(
            name=name,
            version="1.0.0",
            source_hash=digest,
            directory=str(directory),
            module="probe",
            class_name=name,
        )

    def backtest(
        self,
        strategy: StrategySource,
        data: DataSlice,
        parameters: Mapping[str, ParamValue] | None = None,
        **settings: Any,
    ) -> BacktestTask:
        """A backtest of `data` whose files go to a fresh folder."""
        return BacktestTask(
            **self._job(strategy, data, settings),
            parameters=dict(parameters or {}),
            result_dir=str(self.folder("result")),
            settings_sent={"initialCash": 10_000},
            started_ms=START_MS,
        )

    def trials(
        self,
        strategy: StrategySource,
        data: DataSlice,
        axes: Mapping[str, Sequence[ParamValue]],
        *,
        first: int = 0,
        stop: int | None = None,
        numbers: list[int] | None = None,
        picks: list[int] | None = None,
        sort_by: str = "fitness",
        trial_timeout_s: float | None = None,
        **settings: Any,
    ) -> TrialsTask:
        """The trials `[first, stop)` (all) of the grid over `axes` by the names of requests, or these `picks` of it."""
        space = Space(names=list(axes), values=[list(values) for values in axes.values()])
        return TrialsTask(
            **self._job(strategy, data, settings),
            space=space,
            first=first,
            stop=space.size if stop is None else stop,
            numbers=numbers,
            picks=picks,
            chunk_path=str(self.folder("chunks") / f"trials-{first:09d}.npz"),
            ranking=Ranking(sort_by=sort_by),
            trial_timeout_s=trial_timeout_s,
        )

    def curves(
        self,
        strategy: StrategySource,
        data: DataSlice,
        trials: list[CurveWanted],
        *,
        budget_s: float = 60.0,
        trial_timeout_s: float | None = None,
    ) -> CurvesTask:
        """Keeps the curves of these trials in a fresh folder."""
        return CurvesTask(
            **self._job(strategy, data, {}),
            trials=trials,
            result_dir=str(self.folder("curves")),
            budget_s=budget_s,
            trial_timeout_s=trial_timeout_s,
        )

    def calibration(
        self, strategy: StrategySource, data: DataSlice, sets: list[dict[str, ParamValue]], **settings: Any
    ) -> CalibrateTask:
        """Measures the strategy over these sets."""
        return CalibrateTask(**self._job(strategy, data, settings), sets=sets)

    def _job(self, strategy: StrategySource, data: DataSlice, settings: Mapping[str, Any]) -> dict[str, Any]:
        costs: dict[str, Any] = {
            "initial_cash": 10_000.0,
            "commission": Commission(model="rate", value=0.001),
            "account": Account(type="cash"),
        }
        bars = self.bars(data)
        return {
            "run_key": f"{strategy.name}_{strategy.version}_20240101-20241231_{next(self._numbers):024x}",
            "attempt": 1,
            "strategy": strategy,
            "data": [data],
            "settings": EngineSettings(**(costs | dict(settings))),
            "start_ms": int(bars[0, 0]),
            "end_ms": int(bars[0, -1]),
            "identity": {"data": data.dataset.content_hash, "source": strategy.source_hash},
        }


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Where the tasks of all tests are made; its paths are fresh, so that tests share nothing but its disk."""
    return Workshop(tmp_path_factory.mktemp("workshop"))


_FIRST = ("faults", "integration", "documents", "contracts", "properties")
"""Folders whose files take long, so that no process is left with one of them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps an event loop running, beside which no other can."""
    items.sort(key=lambda item: (item.get_closest_marker("browser") is not None, _turn(item)))


def _turn(item: pytest.Item) -> int:
    folder = item.nodeid.split("/")[1]
    return _FIRST.index(folder) if folder in _FIRST else len(_FIRST)

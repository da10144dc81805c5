"""The windows of a walk-forward optimization as periods of their own."""

from collections.abc import Sequence
from typing import Final

from msgspec import UNSET, structs

from server.contract.base import Model
from server.contract.problems import InvalidRequest
from server.contract.requests import OptimizationRequest, StopRules
from server.execution.tasks import DataSlice
from server.optimization.leaders import FITNESS, check_metric
from server.optimization.visits import WALK_FORWARD
from server.optimization.walk_forward import Stretch, cut
from server.runs.groundwork import Groundwork
from server.runs.slices import Series, slices, subscriptions

MOST_WINDOWS: Final = 1_000


class Period(Model, frozen=True, kw_only=True):
    """A part of a run's period, with the rows `[first, stop)` of each of its series."""

    start_ms: int
    end_ms: int
    rows: list[tuple[int, int]]

    def of(self, data: Sequence[DataSlice]) -> list[DataSlice]:
        """The same series in this period."""
        return [
            structs.replace(part, first_row=first, stop_row=stop)
            for part, (first, stop) in zip(data, self.rows, strict=True)
        ]

    @property
    def bars(self) -> int:
        """Those of the main series."""
        first, stop = self.rows[0]
        return stop - first


class Window(Model, frozen=True, kw_only=True):
    """A backtest over either period has the trialKeys that it has anywhere."""

    in_sample: Period
    out_of_sample: Period


class Windows(Model, frozen=True, kw_only=True):
    """What each window chooses its parameters by, and the windows in order of time."""

    objective: str
    windows: list[Window]

    @property
    def bars(self) -> int:
        """Bars of one pass over all series in sample, on average."""
        parts = [stop - first for window in self.windows for first, stop in window.in_sample.rows]
        return sum(parts) // len(self.windows)


def windows_in(request: OptimizationRequest) -> int:
    """In how many windows every combination is run; 1 where there are none."""
    asked = request.walk_forward
    return 1 if asked is UNSET or request.method != WALK_FORWARD else asked.windows


def windows_of(request: OptimizationRequest, ground: Groundwork, series: Series) -> Windows | None:
    """The windows that a request asks for, None where it is no walk-forward.

    InvalidRequest for windows that the bars do not fill, and for what such an optimization has no use for.
    """
    asked = request.walk_forward
    if request.method != WALK_FORWARD:
        if asked is not UNSET:
            raise InvalidRequest("invalid_request", WALK_FORWARD, f"is for the method {WALK_FORWARD}")
        return None
    if asked is UNSET:
        raise InvalidRequest("invalid_request", WALK_FORWARD, "is missing: tell windows and outOfSamplePct")
    _refuse_limits(request)
    if asked.objective != FITNESS:
        check_metric(asked.objective, f"{WALK_FORWARD}.objective")
    if asked.windows > MOST_WINDOWS:
        raise InvalidRequest("invalid_request", f"{WALK_FORWARD}.windows", f"must be at most {MOST_WINDOWS:,}")
    try:
        cuts = cut(ground.main.data[0].rows, asked.windows, asked.out_of_sample_pct, anchored=asked.anchored)
    except ValueError as error:
        raise InvalidRequest("empty_period", f"{WALK_FORWARD}.windows", str(error)) from error
    periods = _Periods(request, ground, series)
    return Windows(
        objective=asked.objective,
        windows=[
            Window(in_sample=periods.of(one.in_sample), out_of_sample=periods.of(one.out_of_sample)) for one in cuts
        ],
    )


def _refuse_limits(request: OptimizationRequest) -> None:
    """A window that was not searched whole would have chosen by accident."""
    for path, given in (
        ("timeBudgetSeconds", request.time_budget_seconds is not UNSET),
        ("stopRules", request.stop_rules != StopRules()),
    ):
        if given:
            raise InvalidRequest(
                "invalid_request", path, f"is not for the method {WALK_FORWARD}: each window is run whole"
            )


class _Periods:
    """Turns stretches of the main series into periods that a request could name."""

    def __init__(self, request: OptimizationRequest, ground: Groundwork, series: Series) -> None:
        self._request = request
        self._asked = subscriptions(request)
        self._main = ground.main.data[0]
        self._series = series
        self._start_ms = ground.start_ms
        self._end_ms = ground.end_ms

    def of(self, stretch: Stretch) -> Period:
        """The first begins and the last ends where the run does, all others with their first bar and just before the
        next one."""
        start_ms = self._start_ms if stretch.first == 0 else self._open(stretch.first)
        end_ms = self._end_ms if stretch.stop == self._main.rows else self._open(stretch.stop) - 1
        try:
            data = slices(self._request, self._asked, self._series, start_ms, end_ms)
        except InvalidRequest as error:
            raise InvalidRequest(error.code, f"{WALK_FORWARD}.windows", f"in one of them {error.detail}") from error
        return Period(start_ms=start_ms, end_ms=end_ms, rows=[(part.first_row, part.stop_row) for part in data])

    def _open(self, bar: int) -> int:
        return self._series.open_of(self._main.dataset.id, self._main.first_row + bar)

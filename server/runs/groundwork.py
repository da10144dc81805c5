"""Finds and checks what a submission names, whatever it asks to be done with it."""

from dataclasses import dataclass
from typing import Any, Final

from msgspec import UNSET

from server.contract.base import instant_ms
from server.contract.catalogue import DatasetInfo, StrategyInfo
from server.contract.problems import InvalidRequest
from server.contract.requests import RunSettings
from server.engine.money import check_money
from server.engine.settings import EngineSettings
from server.execution.tasks import Market
from server.runs.run_settings import engine_settings, settings_sent, shared_identity
from server.runs.slices import Series, asked_markets, slices
from server.strategies.source import FoundStrategy, StrategySource

_YEAR_1_MS: Final = -62_135_596_800_000
_YEAR_9999_MS: Final = 253_402_300_799_999


@dataclass(frozen=True)
class Groundwork:
    """What a run stands on: the series of one run, or of each value of the axis of data sets, as `markets`.

    `normalizes`: of the strategy, as of FoundStrategy.
    """

    info: StrategyInfo
    strategy: StrategySource
    markets: list[Market]
    settings: EngineSettings
    start_ms: int
    end_ms: int
    normalizes: bool = False

    @property
    def main(self) -> Market:
        """The only one, or the first."""
        return self.markets[0]

    @property
    def bars(self) -> float:
        """Bars of one pass over all series, on the average over the data sets."""
        return sum(market.bars for market in self.markets) / len(self.markets)

    def prepared(self, request: RunSettings) -> dict[str, Any]:
        """The fields of `Prepared` that are the same for both kinds."""
        return {
            "strategy": self.strategy,
            "data": self.main.data,
            "settings": self.settings,
            "settings_sent": settings_sent(self.main.data, self.settings, self.start_ms, self.end_ms),
            "start_ms": self.start_ms,
            "end_ms": self.end_ms,
            "identity": self.main.identity,
            "priority": request.priority,
            "label": None if request.label is UNSET else request.label,
            "timeout_s": None if request.timeout_seconds is UNSET else request.timeout_seconds,
        }


def groundwork(request: RunSettings, found: FoundStrategy, series: Series) -> Groundwork:
    """Raises InvalidRequest with the path of the field, or ForgeError `strategy_broken`."""
    info = _runnable(request, found)
    start_ms, end_ms = _period(request)
    settings = engine_settings(request)
    markets: dict[str, Market] = {}
    for asked in asked_markets(request):
        data = slices(request, asked, series, start_ms, end_ms)
        for part in data:
            check_money(settings, series.instrument(part.dataset.id))
        # a data set given twice is run once
        name = _name(data[0].dataset)
        markets[name] = Market(name=name, data=data, identity=shared_identity(data, settings, info))
    assert found.source is not None  # an invariant of what loads
    return Groundwork(
        info=info,
        strategy=found.source,
        markets=list(markets.values()),
        settings=settings,
        start_ms=start_ms,
        end_ms=end_ms,
        normalizes=found.normalizes,
    )


def _name(dataset: DatasetInfo) -> str:
    """A data set as the value of an axis."""
    return f"{dataset.asset_name}/{dataset.exchange}/{dataset.time_frame}"


def _runnable(request: RunSettings, found: FoundStrategy) -> StrategyInfo:
    info = found.info
    if info.error is not None or found.source is None:
        error = info.error
        where = f"{error.file}, line {error.line}: {error.message}" if error else "it does not load"
        raise InvalidRequest("strategy_broken", "strategyName", f"{info.name} does not load: {where}")
    if request.strategy_version is not UNSET and request.strategy_version != info.version:
        raise InvalidRequest(
            "invalid_request",
            "strategyVersion",
            f"{info.name} is loaded in version {info.version}, not {request.strategy_version}",
        )
    return info


def _period(request: RunSettings) -> tuple[int, int]:
    start_ms, end_ms = instant_ms(request.start_time), instant_ms(request.end_time)
    if end_ms < start_ms:
        raise InvalidRequest("invalid_request", "endTime", "must not be before startTime")
    for path, ts_ms in (("startTime", start_ms), ("endTime", end_ms)):
        if not _YEAR_1_MS <= ts_ms <= _YEAR_9999_MS:  # in UTC; with its offset it was within them
            raise InvalidRequest("invalid_request", path, "must lie in the years 1 to 9999")
    return start_ms, end_ms

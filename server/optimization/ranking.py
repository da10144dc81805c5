"""By what the trials of a sweep are ranked, and which of them may lead."""

import math
from collections.abc import Mapping
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec import UNSET

from server.contract.base import Model
from server.contract.requests import Filters
from server.contract.results import METRIC_NAMES, Metrics
from server.optimization.leaders import FITNESS

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_BOUNDS: Final[Mapping[str, str]] = {
    "min_total_trades": "totalTrades",
    "min_net_profit": "netProfit",
    "min_profit_factor": "profitFactor",
    "min_sharpe_ratio": "sharpeRatio",
    "min_sortino_ratio": "sortinoRatio",
    "min_annual_return_pct": "annualReturnPct",
}
_FIELDS: Final = {field.encode_name: field.name for field in msgspec.structs.fields(Metrics)}


class Ranking(Model, frozen=True, kw_only=True):
    """Ranks trials by `sort_by`, a metric or `fitness`; of those that miss a bound of `filters` none leads.

    The fitness is the sum of metrics times their `weights`; without weights it is the net profit.
    """

    sort_by: str = FITNESS
    weights: dict[str, float] = {}
    filters: Filters = Filters()

    def fitness(self, metrics: Metrics) -> float | None:
        """None where one of the metrics is undefined, or the sum is no finite number."""
        total = 0.0
        for name, weight in self._weights().items():
            value: float | None = getattr(metrics, _FIELDS[name])
            if value is None:
                return None
            total += weight * value
        return total if math.isfinite(total) else None

    def value(self, metrics: Metrics) -> float | None:
        """What the trial is ranked by; None where it is undefined."""
        if self.sort_by == FITNESS:
            return self.fitness(metrics)
        value: float | None = getattr(metrics, _FIELDS[self.sort_by])
        return None if value is None or math.isnan(value) else float(value)

    def passes(self, metrics: Metrics) -> bool:
        """Whether the trial may lead; an undefined metric misses its bound."""
        bounds = ((getattr(metrics, _FIELDS[name]), bound) for name, bound in bounds_of(self.filters).items())
        return all(value is not None and value >= bound for value, bound in bounds)

    def fitness_of(self, metrics: Floats) -> Floats:
        """The same of many trials: (n, metrics) in the order of METRIC_NAMES, NaN where undefined."""
        total = np.zeros(len(metrics))
        for name, weight in self._weights().items():
            total += weight * metrics[:, METRIC_NAMES.index(name)]
        return np.where(np.isfinite(total), total, np.nan)

    def values_of(self, metrics: Floats) -> Floats:
        """`value` of many trials, NaN where undefined."""
        if self.sort_by == FITNESS:
            return self.fitness_of(metrics)
        return metrics[:, METRIC_NAMES.index(self.sort_by)]

    def passing(self, metrics: Floats) -> Bools:
        """`passes` of many trials."""
        found = np.ones(len(metrics), dtype=bool)
        for name, bound in bounds_of(self.filters).items():
            found &= metrics[:, METRIC_NAMES.index(name)] >= bound
        return found

    def _weights(self) -> Mapping[str, float]:
        return self.weights or {"netProfit": 1.0}


def bounds_of(filters: Filters) -> dict[str, float]:
    """The least that each metric has to be, by its name."""
    given = {
        metric: float(bound) for field, metric in _BOUNDS.items() if (bound := getattr(filters, field)) is not UNSET
    }
    if filters.max_drawdown_pct is not UNSET:
        given["maxDrawdownPct"] = -abs(filters.max_drawdown_pct)  # drawdowns are ≤ 0
    return given

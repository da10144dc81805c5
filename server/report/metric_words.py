"""What each metric is called, how it is written, and what it means."""

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from server.contract.results import Metrics, StitchedMetrics
from server.report.words import count, number, spoken

Form = Literal["money", "profit", "percent", "gain", "ratio", "count"]


class MetricWords(NamedTuple):
    """`form`: how its values are written."""

    name: str
    form: Form
    meaning: str


METRICS: Final[Mapping[str, MetricWords]] = {
    "netProfit": MetricWords("Net profit", "profit", "Final equity less initial cash, open positions included"),
    "totalReturnPct": MetricWords("Return", "gain", "Net profit as a share of the initial cash"),
    "annualReturnPct": MetricWords("Annual return", "gain", "The steady yearly growth that gives the same end"),
    "finalEquity": MetricWords("Final equity", "money", "Cash and positions at the last bar"),
    "openProfit": MetricWords("Open profit", "profit", "Profit of positions still open at the last bar"),
    "grossProfit": MetricWords("Gross profit", "money", "Sum of the winning round trips"),
    "grossLoss": MetricWords("Gross loss", "money", "Sum of the losing round trips"),
    "maxDrawdownPct": MetricWords("Max drawdown", "percent", "The deepest fall of equity below an earlier high"),
    "maxDrawdown": MetricWords(
        "Deepest fall", "money", "The deepest fall of equity below an earlier high, as an amount"
    ),
    "maxDrawdownBars": MetricWords("Longest drawdown", "count", "Bars from a high until it was reached again"),
    "annualVolatilityPct": MetricWords(
        "Annual volatility", "percent", "Deviation of the returns per bar, scaled to a year"
    ),
    "sharpeRatio": MetricWords("Sharpe ratio", "ratio", "Yearly mean return over the risk-free rate by its deviation"),
    "sortinoRatio": MetricWords("Sortino ratio", "ratio", "As Sharpe, with the deviation of the losses alone"),
    "calmarRatio": MetricWords("Calmar ratio", "ratio", "Annual return by the deepest drawdown"),
    "recoveryFactor": MetricWords("Recovery factor", "ratio", "Net profit by the deepest drawdown"),
    "totalTrades": MetricWords("Trades", "count", "Round trips, from entry to exit"),
    "winRatePct": MetricWords("Win rate", "percent", "Share of round trips with a profit"),
    "profitFactor": MetricWords("Profit factor", "ratio", "Gross profit by gross loss"),
    "expectancy": MetricWords("Expectancy", "profit", "Mean profit of a round trip"),
    "averageWin": MetricWords("Average win", "money", "Mean profit of the winning round trips"),
    "averageLoss": MetricWords("Average loss", "money", "Mean loss of the losing round trips"),
    "payoffRatio": MetricWords("Payoff ratio", "ratio", "Average win by average loss"),
    "longestLosingStreak": MetricWords("Losing streak", "count", "Most losing round trips in a row"),
    "exposurePct": MetricWords("Exposure", "percent", "Share of bars with an open position"),
    "turnover": MetricWords("Turnover", "ratio", "Traded notional by mean equity"),
    "totalFills": MetricWords("Fills", "count", "Executions of orders"),
    "commissions": MetricWords("Commissions", "money", "Paid for all fills"),
}
"""In the order in which a report lists them."""


def metric_name(name: str) -> str:
    """What trials are ranked by: a metric, or the fitness made of some."""
    return METRICS[name].name if name in METRICS else spoken(name)


def show_metric(name: str, value: float | None) -> str:
    """A value of a metric, or of the fitness."""
    match METRICS[name].form if name in METRICS else None:
        case "count":
            return count(value)
        case "percent":
            return number(value, unit="%")
        case "gain":
            return number(value, signed=True, unit="%")
        case "profit":
            return number(value, signed=True)
        case "money" | "ratio":
            return number(value)
        case None:
            return number(value, 4)


def by_name(metrics: Metrics | StitchedMetrics) -> dict[str, float | None]:
    """The values by the names of the contract."""
    encoded = {field: getattr(metrics, field) for field in metrics.__struct_fields__}
    return dict(zip(metrics.__struct_encode_fields__, encoded.values(), strict=True))

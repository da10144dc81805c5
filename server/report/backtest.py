"""The report of a backtest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from server.contract.results import BacktestResult, Equity, RoundTrip
from server.contract.run import RunInfo
from server.report.again import again
from server.report.curves import equity_chart
from server.report.head import figures, head, toned, warnings
from server.report.markup import EMPTY, Html, element, section, table, wide
from server.report.metric_words import METRICS, by_name, show_metric
from server.report.months import MonthEnd, month_table
from server.report.page import page
from server.report.settings import asked, provenance
from server.report.words import count, exact, minute, number, several

_KEY: Final = (
    "netProfit",
    "totalReturnPct",
    "maxDrawdownPct",
    "sharpeRatio",
    "profitFactor",
    "winRatePct",
    "totalTrades",
)
_SIDES: Final = {"long": "Long", "short": "Short"}
_REASONS: Final = {
    "signal": "signal",
    "stopLoss": "stop loss",
    "takeProfit": "take profit",
    "liquidation": "liquidation",
    "endOfData": "end of data",
    "open": "still open",
}


@dataclass(frozen=True)
class BacktestReport:
    """All that a report tells. `trades` are the first of `trades_total`; `server` is where the run was; `made_at` says
    when the report was."""

    run: RunInfo
    result: BacktestResult
    request: Mapping[str, Any]
    equity: Equity
    months: Sequence[MonthEnd]
    trades: Sequence[RoundTrip]
    trades_total: int
    server: str
    made_at: str


def render_backtest(told: BacktestReport) -> str:
    """The whole file."""
    run, result = told.run, told.result
    values = by_name(result.metrics)
    cash = float(result.settings["initialCash"])
    return page(
        f"{run.strategy_name} on {run.asset_name}",
        head(run, result),
        warnings(result),
        figures((METRICS[name].name, toned(name, values[name])) for name in _KEY),
        section(
            "Equity and drawdown",
            equity_chart(told.equity.points, cash, f"Equity and drawdown of {run.strategy_name}"),
            _thinned(told.equity),
        ),
        section("Monthly returns", month_table(told.months, cash)),
        section("Metrics", _metrics(values)),
        _trades(told),
        asked(run, told.request, result),
        provenance(run, result),
        again("backtest", told.request, told.server, f"/backtests/{run.run_key}"),
        made_at=told.made_at,
    )


def _thinned(equity: Equity) -> Html:
    if len(equity.points) == equity.total:
        return EMPTY
    return element(
        "p", f"{count(len(equity.points))} of {count(equity.total)} bars are drawn, every high and low among them."
    )


def _metrics(values: Mapping[str, float | None]) -> Html:
    rows = "".join(
        element(
            "tr",
            element("td", words.name),
            element("td", toned(name, values[name]), class_="n"),
            element("td", words.meaning, class_="meaning"),
        )
        for name, words in METRICS.items()
    )
    return wide(element("table", element("tbody", Html(rows))))


def _trades(told: BacktestReport) -> Html:
    if not told.trades:
        return section("Trades", element("p", "There were none."))
    shown, total = len(told.trades), told.trades_total
    note = several(total, "round trip") if shown == total else f"the first {count(shown)} of {count(total)} round trips"
    several_assets = len({trade.asset_name for trade in told.trades}) > 1
    heads = (
        *(["Asset"] if several_assets else []),
        *("Side", "Entry", "Exit", "Exit by", "Quantity", "Entry price", "Exit price", "Profit", "In percent", "Bars"),
    )
    rows = ([*([trade.asset_name] if several_assets else []), *_trade(trade)] for trade in told.trades)
    return section("Trades", table(heads, rows, left=4 + several_assets), note=note)


def _trade(trade: RoundTrip) -> list[str]:
    tone = "gain" if trade.profit > 0 else "loss" if trade.profit < 0 else None
    return [
        _SIDES[trade.side],
        minute(trade.entry_time),
        minute(trade.exit_time),
        _REASONS[trade.exit_reason],
        exact(trade.quantity),
        exact(trade.entry_price),
        exact(trade.exit_price),
        element("span", show_metric("netProfit", trade.profit), class_=tone),
        number(trade.profit_pct, signed=True, unit="%"),
        count(trade.bars),
    ]

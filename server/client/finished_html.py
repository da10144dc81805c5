"""What a run came to, as a notebook shows it under a cell."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from server.client import words
from server.contract.base import plain
from server.contract.results import BacktestResult, Equity, Metrics, OptimizationResult, RunResult

_TRIALS: Final = 10
_WIDTH: Final = 640
_HEIGHT: Final = 120
_PERCENT: Final = "%"
_HEADINGS: Final = ("Net profit", "Sharpe", "Max drawdown", "Profit factor", "Round trips")


def backtest(result: BacktestResult, url: str, curve: Equity | None) -> str:
    """The figures that say most, with a picture of the equity when its curve is given."""
    metrics = result.metrics
    figures = (
        ("Total return", words.amount(metrics.total_return_pct, _PERCENT)),
        ("Annual return", words.amount(metrics.annual_return_pct, _PERCENT)),
        ("Sortino", words.amount(metrics.sortino_ratio)),
        ("Win rate", words.amount(metrics.win_rate_pct, _PERCENT)),
        ("Exposure", words.amount(metrics.exposure_pct, _PERCENT)),
        ("Commissions", words.amount(metrics.commissions)),
    )
    named = [*zip(_HEADINGS, _judged(metrics), strict=True), *figures]
    rows = [(*left, *right) for left, right in zip(named[::2], [*named[1::2], ("", "")], strict=False)]
    parts = [_head(result, url, words.settings(result.parameters)), _cautions(result), _table((), rows)]
    return _whole([*parts, "" if curve is None else _picture(curve)])


def optimization(result: OptimizationResult, url: str) -> str:
    """The best trial, and the first ones with the parameters that were searched: those beside it may miss a filter."""
    names = [name for name, axis in result.axes.items() if "fixed" not in axis]
    best = [trial for trial in result.trials or [] if trial.metrics is not None][:_TRIALS]
    rows = [
        (*(plain(trial.parameters[name]) for name in names), *_judged(trial.metrics), words.amount(trial.fitness))
        for trial in best
        if trial.metrics is not None
    ]
    counted = words.several(result.completed, "trial")
    if result.best is not None:
        chosen = words.settings({name: value for name, value in result.best.parameters.items() if name in names})
        counted += f", best {result.sort_by} {words.amount(result.best.value)} ({chosen})"
    if result.failed:
        counted += f", {result.failed:,} failed"
    headings = (*names, *_HEADINGS, "Fitness")
    return _whole([_head(result, url, counted), _cautions(result), _table(headings, rows)])


def _judged(metrics: Metrics) -> tuple[str, ...]:
    return (
        words.amount(metrics.net_profit),
        words.amount(metrics.sharpe_ratio),
        words.amount(metrics.max_drawdown_pct, _PERCENT),
        words.amount(metrics.profit_factor),
        f"{metrics.total_trades:,}",
    )


def _whole(parts: Iterable[str]) -> str:
    return f"<div>{''.join(parts)}</div>"


def _head(result: RunResult, url: str, what: str) -> str:
    name = f"{result.strategy_name} {result.strategy_version}"
    data = ", ".join(dict.fromkeys(f"{one.asset_name} {one.time_frame}" for one in result.data if one.asset_name))
    page = f'<a href="{escape(url)}" target="_blank" rel="noopener">open</a>'
    took = words.took(result.duration_ms / 1000)
    return (
        f"<p><b>{escape(name)}</b> {escape(data)} · {escape(what)} · "
        f"{words.several(result.total_bars, 'bar')} in {took} · {page}</p>"
    )


def _cautions(result: RunResult) -> str:
    told = ["synthetic data: this is no market"] if any(data.synthetic for data in result.data) else []
    return "".join(f"<p>⚠ {escape(text)}</p>" for text in [*told, *result.warnings])


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in headings)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{body}</tbody></table>"


def _picture(curve: Equity) -> str:
    """The equity as a line over the time."""
    if len(curve.points) < 2:
        return ""
    times, values, _ = zip(*curve.points, strict=True)
    low, high = min(values), max(values)
    across, up = _WIDTH / max(1, times[-1] - times[0]), _HEIGHT / ((high - low) or 1.0)
    line = " ".join(
        f"{(ts - times[0]) * across:.1f},{_HEIGHT - (value - low) * up:.1f}"
        for ts, value in zip(times, values, strict=True)
    )
    return (
        f'<svg width="{_WIDTH}" height="{_HEIGHT + 4}" viewBox="0 -2 {_WIDTH} {_HEIGHT + 4}" role="img" '
        f'aria-label="Equity from {words.amount(values[0])} to {words.amount(values[-1])}">'
        f'<polyline points="{line}" fill="none" stroke="currentColor" stroke-width="1.2"/></svg>'
    )

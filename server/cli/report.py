"""What a run came to: metrics, trials, or the reason of its failure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import click
from rich.text import Text

from server.cli.console import new_table, print_table, say
from server.cli.windows import print_walk_forward
from server.client import words
from server.contract.base import plain
from server.contract.status import AnyStatus, BacktestStatus, OptimizationStatus

if TYPE_CHECKING:
    from rich.table import Table

    from server.client import Forge
    from server.contract.results import BacktestResult, Metrics, OptimizationResult, Trial

SHOWN_TRIALS: Final = 10
_PERCENT: Final = "%"
_REJECTED: Final = " rejected: "
"""Between count and reason in a run's warning."""


def print_end(forge: "Forge", status: AnyStatus) -> None:
    """The report of a run that has ended; a failure's goes to standard error."""
    match status:
        case BacktestStatus(status="Completed") if status.result is not None:
            print_backtest(status.result)
        case OptimizationStatus(status="Completed") if status.result is not None:
            best = forge.trials(status.run_key, status="Completed", limit=SHOWN_TRIALS).items
            print_optimization(status.result, best, status.stop_reason)
        case _:
            print_failure(status)


def print_failure(status: AnyStatus) -> None:
    """Message and stack trace of what failed, or that it was cancelled."""
    if status.status == "Failed":
        click.echo(f"{click.style('failed:', fg='red', bold=True)} {status.error_message}", err=True)
        if status.error_stack_trace:
            click.echo(status.error_stack_trace.rstrip(), err=True)
    elif status.status == "Cancelled":
        click.echo(f"cancelled after {words.took(status.elapsed_ms / 1000)}", err=True)


def print_backtest(result: "BacktestResult") -> None:
    """One table of metrics, and what the run warns of."""
    say(f"{words.several(result.total_bars, 'bar')} in {words.took(result.duration_ms / 1000)}, {result.mode}")
    nothing = nothing_filled(result)
    if nothing:
        click.secho(nothing, fg="red", bold=True)
    print_table(metrics_table(result.metrics))
    _print_cautions(result, told=nothing)


def nothing_filled(result: "BacktestResult") -> str:
    """That every order was rejected, and the reason of most; empty when one was filled or none was rejected."""
    if not result.rejected_orders or result.metrics.total_fills:
        return ""
    reason = next((text.partition(_REJECTED)[2] for text in result.warnings if _REJECTED in text), "")
    orders = words.several(result.rejected_orders, "order")
    return f"No order was filled: {orders} rejected{f', {reason}' if reason else ''}"


def print_optimization(result: "OptimizationResult", best: Sequence["Trial"], stop_reason: str | None) -> None:
    """The best trials, the failures in groups, and what the run warns of."""
    counts = [f"{result.completed:,} of {words.several(result.total_combinations, 'combination')} completed"]
    for count, what in (
        (result.failed, "failed"),
        (result.skipped, "skipped"),
        (result.filtered, "filtered out"),
        (result.reused, "taken from earlier runs"),
    ):
        if count:
            counts.append(f"{count:,} {what}")
    say(f"{', '.join(counts)}, in {words.took(result.duration_ms / 1000)}")
    if stop_reason:
        say(f"stopped early: {stop_reason}")
    if best:
        say(f"The best by {result.sort_by}:")
        print_table(trials_table(best, searched(result), result.sort_by))
    if result.walk_forward is not None:
        print_walk_forward(result.walk_forward, searched(result))
    for group in result.failures:
        click.echo(f"{click.style(f'{group.count:,} failed:', fg='red')} {group.message}", err=True)
    _print_cautions(result)


def metrics_table(metrics: "Metrics") -> "Table":
    """Every metric, in two pairs of columns."""
    left, right = _profit(metrics), _trading(metrics)
    table = new_table(header=False)
    for _ in range(2):
        table.add_column(style="dim", no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
    for index in range(max(len(left), len(right))):
        cells = [*(left[index] if index < len(left) else ("", "")), *(right[index] if index < len(right) else ("", ""))]
        table.add_row(*(_signed(cell) for cell in cells))
    return table


def searched(result: "OptimizationResult") -> list[str]:
    """The parameters that take more than one value."""
    return [name for name, axis in result.axes.items() if "fixed" not in axis]


def trials_table(trials: Sequence["Trial"], names: Sequence[str], sort_by: str) -> "Table":
    """One trial a row: the parameters of these names, then the metrics by which trials are usually judged."""
    table = new_table()
    table.add_column("#", justify="right", style="dim")
    for name in names:
        table.add_column(name, justify="right")
    for heading in ("Profit", "Sharpe", "Drawdown", "Factor", "Trades"):
        table.add_column(heading, justify="right")
    if sort_by == "fitness":
        table.add_column("Fitness", justify="right")
    for rank, trial in enumerate(trials, 1):
        cells = [str(rank), *(plain(trial.parameters[name]) for name in names)]
        cells += _judged(trial)
        if sort_by == "fitness":
            cells.append(words.amount(trial.fitness))
        table.add_row(*(_signed(cell) for cell in cells))
    return table


def _judged(trial: "Trial") -> list[str]:
    metrics = trial.metrics
    if metrics is None:
        return [trial.status, *("–",) * 4]
    return [
        words.amount(metrics.net_profit),
        words.amount(metrics.sharpe_ratio),
        words.amount(metrics.max_drawdown_pct, _PERCENT),
        words.amount(metrics.profit_factor),
        f"{metrics.total_trades:,}",
    ]


def _profit(metrics: "Metrics") -> list[tuple[str, str]]:
    amount = words.amount
    return [
        ("Net profit", amount(metrics.net_profit)),
        ("of it open", amount(metrics.open_profit)),
        ("Final equity", amount(metrics.final_equity)),
        ("Total return", amount(metrics.total_return_pct, _PERCENT)),
        ("Annual return", amount(metrics.annual_return_pct, _PERCENT)),
        ("Annual volatility", amount(metrics.annual_volatility_pct, _PERCENT)),
        ("Sharpe ratio", amount(metrics.sharpe_ratio)),
        ("Sortino ratio", amount(metrics.sortino_ratio)),
        ("Calmar ratio", amount(metrics.calmar_ratio)),
        ("Max drawdown, amount", amount(metrics.max_drawdown)),
        ("Max drawdown, percent", amount(metrics.max_drawdown_pct, _PERCENT)),
        ("Longest drawdown", f"{metrics.max_drawdown_bars:,} bars"),
        ("Recovery factor", amount(metrics.recovery_factor)),
    ]


def _trading(metrics: "Metrics") -> list[tuple[str, str]]:
    amount = words.amount
    return [
        ("Round trips", f"{metrics.total_trades:,}"),
        ("Fills", f"{metrics.total_fills:,}"),
        ("Win rate", amount(metrics.win_rate_pct, _PERCENT)),
        ("Profit factor", amount(metrics.profit_factor)),
        ("Expectancy", amount(metrics.expectancy)),
        ("Average win", amount(metrics.average_win)),
        ("Average loss", amount(metrics.average_loss)),
        ("Payoff ratio", amount(metrics.payoff_ratio)),
        ("Gross profit", amount(metrics.gross_profit)),
        ("Gross loss", amount(metrics.gross_loss)),
        ("Commissions", amount(metrics.commissions)),
        ("Exposure", amount(metrics.exposure_pct, _PERCENT)),
        ("Turnover", amount(metrics.turnover)),
        ("Losing streak", f"{metrics.longest_losing_streak:,}"),
    ]


def _signed(cell: str) -> Text:
    """Losses in red."""
    return Text(cell, style="red" if cell.startswith("-") else "")


def _print_cautions(result: "BacktestResult | OptimizationResult", *, told: str = "") -> None:
    """Every rejection once: the run's warnings count them by reason, what was `told` needs no more words."""
    if any(data.synthetic for data in result.data):
        click.secho("synthetic data: this is no market", fg="yellow")
    by_reason = [text for text in result.warnings if _REJECTED in text]
    if result.rejected_orders and not by_reason and not told:
        click.secho(f"{words.several(result.rejected_orders, 'order')} rejected", fg="yellow")
    for warning in result.warnings:
        if told and [warning] == by_reason:
            continue
        click.echo(f"{click.style('warning:', fg='yellow')} {warning}", err=True)

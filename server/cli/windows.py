"""What the windows of a walk-forward optimization came to, as tables and words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from server.cli.console import new_table, print_table, say
from server.client import words
from server.contract.base import plain

if TYPE_CHECKING:
    from rich.table import Table

    from server.contract.results import WalkForwardResult, WalkForwardWindow

_DAY = len("2024-01-31")


def print_walk_forward(walk: "WalkForwardResult", names: Sequence[str]) -> None:
    """Every window, and all of them as one run out of sample; `names`: the parameters that are searched."""
    say("Chosen in sample, judged on what came after:")
    print_table(windows_table(walk.windows, names))
    metrics = walk.metrics
    if metrics is None:
        return
    say(
        f"out of sample: {words.amount(metrics.net_profit)} net profit, {words.amount(metrics.total_return_pct, '%')}, "
        f"drawdown {words.amount(metrics.max_drawdown_pct, '%')}, Sharpe {words.amount(metrics.sharpe_ratio)}, "
        f"efficiency {_percent(walk.efficiency)}"
    )


def windows_table(windows: Sequence["WalkForwardWindow"], names: Sequence[str]) -> "Table":
    """One window a row: its days out of sample, what it chose, its objective in and out of sample."""
    table = new_table()
    table.add_column("#", justify="right", style="dim")
    table.add_column("Out of sample")
    for heading in (*names, "In", "Out", "Profit", "Efficiency"):
        table.add_column(heading, justify="right")
    for window in windows:
        chosen, metrics = window.parameters, window.metrics
        table.add_row(
            str(window.index + 1),
            f"{window.out_of_sample_start[:_DAY]} – {window.out_of_sample_end[:_DAY]}",
            *("–" if chosen is None else plain(chosen[name]) for name in names),
            words.amount(window.in_sample_value),
            words.amount(window.out_of_sample_value),
            words.amount(None if metrics is None else metrics.net_profit),
            _percent(window.efficiency),
        )
    return table


def _percent(share: float | None) -> str:
    return words.amount(None if share is None else share * 100.0, "%")

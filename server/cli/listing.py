"""Runs in a list, each told from the others."""

from collections.abc import Sequence
from typing import Final

import click
from msgspec import UNSET

from server.client import words
from server.contract.status import BacktestItem, OptimizationItem

AnyItem = BacktestItem | OptimizationItem
_STYLES: Final = {
    "Completed": "green",
    "Failed": "red",
    "Cancelled": "yellow",
    "Running": "cyan",
    "Pending": "bright_black",
}
_HEADINGS: Final = ("Run", "Kind", "Asset", "Status", "Done", "Net profit", "Submitted")
_RIGHT: Final = frozenset({"Done", "Net profit"})
_ASSET: Final = _HEADINGS.index("Asset")
_STATUS: Final = _HEADINGS.index("Status")
_LEAST_ASSET: Final = 8
_GAP: Final = "  "
_HASH: Final = 8
"""Digits of a hash that tell a run from all others of a home; any more of a key names it as well."""


def short_key(run_key: str) -> str:
    """The beginning of a RunKey's hash, which is enough to name it to a command."""
    return run_key.rpartition("_")[2][:_HASH]


def runs_lines(items: Sequence[AnyItem], width: int) -> list[str]:
    """A heading, then for each run how it stands, what was asked, and why it failed; cut to `width` characters."""
    year = max((item.submitted_at[:4] for item in items), default="")
    rows = [_HEADINGS, *(_cells(item, year) for item in items)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    beyond = sum(widths) + len(_GAP) * (len(widths) - 1) - width
    widths[_ASSET] = max(min(_LEAST_ASSET, widths[_ASSET]), widths[_ASSET] - max(0, beyond))
    heading, *told = (_row(row, widths) for row in rows)
    lines = [click.style(heading, dim=True)]
    indent = " " * (widths[0] + len(_GAP))
    for item, line in zip(items, told, strict=True):
        lines.append(line)
        lines.append(click.style(indent + words.shortened(_asked(item), width - len(indent)), dim=True))
        if reason := _reason(item):
            lines.append(click.style(indent + words.shortened(reason, width - len(indent)), fg="red"))
    return lines


def _cells(item: AnyItem, year: str) -> tuple[str, ...]:
    submitted = item.submitted_at
    return (
        short_key(item.run_key),
        "backtest" if isinstance(item, BacktestItem) else "optimization",
        f"{item.asset_name} {item.time_frame}",
        item.status,
        words.share(item.processed + item.failed + item.skipped, item.total),
        words.amount(None if item.metrics is None else item.metrics.net_profit),
        words.minute(submitted)[5:] if submitted[:4] == year else submitted[:10],
    )


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    told = []
    for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        text = words.shortened(cell, width)
        text = text.rjust(width) if _HEADINGS[column] in _RIGHT else text.ljust(width)
        told.append(click.style(text, fg=_STYLES.get(cell)) if column == _STATUS and cell in _STYLES else text)
    return _GAP.join(told).rstrip()


def _asked(item: AnyItem) -> str:
    if isinstance(item, BacktestItem):
        values = words.settings(item.parameters)
    else:
        searched = {name: axis for name, axis in item.axes.items() if axis.fixed is UNSET}
        values = words.axes(searched or item.axes)
    label = f'"{item.label}"' if item.label else ""
    return " ".join(part for part in (item.strategy_name, label, values) if part)


def _reason(item: AnyItem) -> str:
    if item.status == "Failed":
        return f"failed: {_first_line(item.error_message)}"
    if isinstance(item, OptimizationItem) and item.failed:
        return f"{item.failed:,} of {item.total:,} failed: {_first_line(item.last_error)}"
    return ""


def _first_line(text: str | None) -> str:
    return next(iter((text or "").strip().splitlines()), "no reason is known")

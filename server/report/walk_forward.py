"""What a walk-forward optimization came to out of sample."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from server.contract.results import OptimizationResult, WalkForwardWindow
from server.report.curves import equity_chart
from server.report.head import figures, toned
from server.report.markup import EMPTY, Html, section, table
from server.report.metric_words import METRICS, by_name, metric_name, show_metric
from server.report.words import day, exact, number, spoken

_KEY: Final = ("netProfit", "totalReturnPct", "maxDrawdownPct", "sharpeRatio", "totalTrades")
_DEFAULT: Final = "sharpeRatio"
"""By which windows choose that are told nothing else."""


def walk_forward(result: OptimizationResult, request: Mapping[str, Any], names: Sequence[str]) -> Html:
    """Figures, the curve and the windows; nothing for an optimization of another method."""
    walk = result.walk_forward
    if walk is None:
        return EMPTY
    objective = (request.get("walkForward") or {}).get("objective") or _DEFAULT
    values = by_name(walk.metrics) if walk.metrics else {}
    told = [
        ("Efficiency", _share(walk.efficiency)),
        *((METRICS[name].name, toned(name, values.get(name))) for name in _KEY),
    ]
    points = walk.equity.points if walk.equity else []
    base = float(result.settings["initialCash"])
    heads = (
        *("Window", "In sample", "Out of sample"),
        *map(spoken, names),
        *(f"{metric_name(objective)} in", "Out", "Efficiency"),
    )
    return section(
        "Walk-forward",
        figures(told),
        equity_chart(points, base, "Equity out of sample, stitched"),
        table(heads, (_window(one, objective, names) for one in walk.windows), left=3),
        note="each window is chosen on what came before it, and judged on what came after",
    )


def _window(one: WalkForwardWindow, objective: str, names: Sequence[str]) -> list[str]:
    chosen = one.parameters or {}
    return [
        str(one.index + 1),
        f"{day(one.in_sample_start)} – {day(one.in_sample_end)}",
        f"{day(one.out_of_sample_start)} – {day(one.out_of_sample_end)}",
        *(exact(chosen.get(name)) for name in names),
        show_metric(objective, one.in_sample_value),
        toned(objective, one.out_of_sample_value),
        _share(one.efficiency),
    ]


def _share(efficiency: float | None) -> str:
    return number(None if efficiency is None else 100 * efficiency, 0, unit="%")

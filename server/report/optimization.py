"""The report of an optimization."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from server.contract.base import ParamValue
from server.contract.results import OptimizationResult, Trial
from server.contract.run import RunInfo
from server.contract.spread import Distribution, Sample
from server.contract.surface import Surface
from server.report.again import again
from server.report.charts import heat_map, histogram, scatter
from server.report.head import figures, head, toned, warnings
from server.report.markup import EMPTY, Html, code, element, section, table
from server.report.metric_words import METRICS, by_name, metric_name, show_metric
from server.report.page import page
from server.report.settings import asked, parameters_of, provenance
from server.report.walk_forward import walk_forward
from server.report.words import count, exact, number, several, span, spoken

_KEY: Final = ("netProfit", "totalReturnPct", "maxDrawdownPct", "sharpeRatio", "totalTrades")
_COLUMNS: Final = (
    "netProfit",
    "totalReturnPct",
    "sharpeRatio",
    "maxDrawdownPct",
    "profitFactor",
    "winRatePct",
    "totalTrades",
)


@dataclass(frozen=True)
class OptimizationReport:
    """All that a report tells. `leaders` are the best trials, `failed` some that failed; `front` where several
    objectives were sought."""

    run: RunInfo
    result: OptimizationResult
    request: Mapping[str, Any]
    stop_reason: str | None
    leaders: Sequence[Trial]
    failed: Sequence[Trial]
    spread: Distribution
    surface: Surface | None
    front: Sample | None
    server: str
    made_at: str


def render_optimization(told: OptimizationReport) -> str:
    """The whole file."""
    run, result = told.run, told.result
    names = parameters_of(run)
    return page(
        f"{run.strategy_name} on {run.asset_name}, {several(result.total_combinations, 'combination')}",
        head(run, result),
        warnings(result),
        _best(told, names),
        walk_forward(result, told.request, names),
        section("Best trials", _leaders(told, names), note=_shown(told)),
        _front(told.front, names),
        _surface(told.surface, result.best.parameters if result.best else {}),
        section(
            "Distribution",
            histogram(told.spread),
            note=f"{metric_name(told.spread.metric)} of {several(told.spread.defined, 'trial')}",
        )
        if told.spread.defined
        else EMPTY,
        _robustness(result),
        _failures(told),
        section("What the metrics mean", _meanings(result.sort_by)),
        asked(run, told.request, result),
        provenance(run, result),
        again("optimization", told.request, told.server, f"/optimizations/{run.run_key}"),
        made_at=told.made_at,
    )


def _best(told: OptimizationReport, names: Sequence[str]) -> Html:
    result = told.result
    counts = [f"{count(result.completed)} of {several(result.total_combinations, 'combination')} completed"]
    counts += [
        f"{count(number)} {what}"
        for number, what in (
            (result.failed, "failed"),
            (result.skipped, "skipped"),
            (result.filtered, "filtered out"),
            (result.reused, "known before"),
        )
        if number
    ]
    line = element("p", f"{', '.join(counts)}, in {span(result.duration_ms)}.")
    stopped = element("p", f"Stopped early: {told.stop_reason}.") if told.stop_reason else EMPTY
    best = result.best
    if best is None:
        return section("Best trial", element("p", "No trial completed."), line, stopped)
    metrics = next((trial.metrics for trial in told.leaders if trial.trial_key == best.trial_key), None)
    values = by_name(metrics) if metrics else {}
    shown = dict.fromkeys((result.sort_by, *(_KEY if metrics else ())))
    return section(
        "Best trial",
        element("p", ", ".join(f"{spoken(name)} {exact(best.parameters.get(name))}" for name in names)),
        figures(
            (metric_name(name), toned(name, best.value if name == result.sort_by else values[name])) for name in shown
        ),
        line,
        stopped,
    )


def _shown(told: OptimizationReport) -> str:
    result = told.result
    ranked = metric_name(result.sort_by)
    return f"the best {count(len(told.leaders))} of {several(result.trials_total, 'trial')}, by {ranked}"


def _columns(sort_by: str) -> list[str]:
    return list(dict.fromkeys(([sort_by] if sort_by in METRICS else []) + list(_COLUMNS)))


def _leaders(told: OptimizationReport, names: Sequence[str]) -> Html:
    if not told.leaders:
        return EMPTY
    sort_by = told.result.sort_by
    metrics = _columns(sort_by)
    ranked = [] if sort_by in METRICS else [metric_name(sort_by)]
    front = frozenset(told.result.pareto_front or ())
    heads = ("Trial", *map(spoken, names), *ranked, *(METRICS[name].name for name in metrics))

    def row(trial: Trial) -> list[str]:
        values = by_name(trial.metrics) if trial.metrics else {}
        mark = " ◆" if trial.trial_key in front else ""
        fitness = [number(trial.fitness, 4)] if ranked else []
        judged = [toned(name, values[name]) if values else trial.status for name in metrics]
        return [f"{trial.index:,}{mark}", *(exact(trial.parameters.get(name)) for name in names), *fitness, *judged]

    note = element("p", "◆ no other trial is better in all objectives") if front else EMPTY
    return element("div", table(heads, map(row, told.leaders)), note)


def _front(sample: Sample | None, names: Sequence[str]) -> Html:
    if sample is None:
        return EMPTY
    heads = ("Trial", *map(spoken, names), *map(metric_name, sample.metrics))
    rows = [
        [
            f"{sample.index[at]:,}",
            *(exact(sample.parameters[name][at]) for name in names if name in sample.parameters),
            *(show_metric(name, values[at]) for name, values in zip(sample.metrics, sample.values, strict=True)),
        ]
        for at in sample.on_front
    ]
    note = f"{count(len(rows))} of {several(sample.defined, 'trial')}: no other is better in all objectives"
    return section("Pareto front", scatter(sample), table(heads, rows), note=note)


def _surface(surface: Surface | None, best: Mapping[str, ParamValue]) -> Html:
    if surface is None:
        return EMPTY
    axes = f"{spoken(surface.x)} across, {spoken(surface.y)} upwards"
    return section(
        "Heat map", heat_map(surface, best), note=f"{metric_name(surface.metric)} over {axes}, the best of each cell"
    )


def _robustness(result: OptimizationResult) -> Html:
    robust = result.robustness
    if robust is None:
        return EMPTY
    sort_by = result.sort_by
    heads = ("Rank", metric_name(sort_by), "Neighbours", "Their median", "Their spread")
    rows = [
        [
            str(rank),
            show_metric(sort_by, one.value),
            count(one.neighbours),
            show_metric(sort_by, one.median),
            show_metric(sort_by, one.spread),
        ]
        for rank, one in enumerate(robust.leaders, 1)
    ]
    deflated = element(
        "p",
        f"Deflated Sharpe ratio {number(robust.deflated_sharpe)}: the chance that the best one's is above zero, "
        f"after {several(robust.trials, 'trial')}.",
    )
    return section("Robustness", deflated, table(heads, rows), note="the best trials beside those next to them")


def _failures(told: OptimizationReport) -> Html:
    traces = {trial.trial_key: trial for trial in told.failed}

    def group(message: str, number: int, example: str) -> Iterator[Html]:
        yield element("h3", f"{number:,} × {message}")
        trial = traces.get(example)
        if trial and trial.error_stack_trace:
            yield code(trial.error_stack_trace)

    groups = (part for one in told.result.failures for part in group(one.message, one.count, one.example_trial_key))
    return section("Failures", *groups, note=several(told.result.failed, "trial"))


def _meanings(sort_by: str) -> Html:
    rows = [[METRICS[name].name, element("span", METRICS[name].meaning)] for name in _columns(sort_by)]
    return table(("Metric", "Is"), rows, left=2)

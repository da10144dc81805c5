"""What every report begins with: what ran, whether there is something to mind, and the figures seen first."""

from collections.abc import Iterable

from server.contract.results import BacktestResult, OptimizationResult
from server.contract.run import RunInfo
from server.report.markup import EMPTY, Html, element
from server.report.metric_words import METRICS, show_metric
from server.report.words import day


def head(run: RunInfo, result: BacktestResult | OptimizationResult) -> Html:
    """Strategy and label, series and period, RunKey."""
    label = (" ", element("small", run.label)) if run.label else ()
    kind = "Backtest" if run.kind == "backtest" else "Optimization"
    series = f"{run.asset_name} · {run.exchange} · {run.time_frame}, {day(run.start_time)} – {day(run.end_time)}"
    synthetic = any(one.synthetic for one in result.data)
    return element(
        "header",
        element("h1", run.strategy_name, *label),
        element("p", f"{kind} · version {run.strategy_version} · {series}"),
        element("p", result.run_key, class_="key"),
        element("p", "Synthetic data: this is no market.", class_="note") if synthetic else EMPTY,
    )


def warnings(result: BacktestResult | OptimizationResult) -> Html:
    """Nothing where there are none."""
    if not result.warnings:
        return EMPTY
    told = (element("p", text) for text in result.warnings)
    return element("section", element("h2", "Mind this"), *told, class_="note")


def figures(told: Iterable[tuple[str, str]]) -> Html:
    """A few figures to be seen at a glance."""
    return element(
        "dl", *(element("div", element("dt", name), element("dd", value)) for name, value in told), class_="figures"
    )


def toned(name: str, value: float | None) -> Html:
    """A value of a metric, in the colour of gain or loss where its sign tells of one."""
    signed = name in METRICS and METRICS[name].form in ("profit", "gain")
    tone = None if not signed or not value else "gain" if value > 0 else "loss"
    return element("span", show_metric(name, value), class_=tone)

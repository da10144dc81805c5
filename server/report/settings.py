"""What a run was asked, and where its result comes from."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from msgspec import UNSET

from server.contract.results import BacktestResult, DataUsed, OptimizationResult
from server.contract.run import RunInfo
from server.report.markup import Html, element, facts, section
from server.report.metric_words import metric_name
from server.report.words import count, exact, listed, minute, number, second, span, spoken

Json = Mapping[str, Any]
MOST_VALUES: Final = 50
"""Of an axis; the request has them all."""
Result = BacktestResult | OptimizationResult


def asked(run: RunInfo, request: Json, result: Result) -> Html:
    """Strategy, parameters or axes, series, period, costs; how an optimization searched."""
    told = [("Strategy", f"{run.strategy_name} {run.strategy_version}")]
    if isinstance(result, BacktestResult):
        told += [(spoken(name), exact(value)) for name, value in result.parameters.items()]
    else:
        told += [(spoken(name), axis_text(axis)) for name, axis in result.axes.items()]
        told += _search(request, result)
    told += [("Series", _series(one)) for one in result.data]
    told.append(("Period", f"{minute(run.start_time)} – {minute(run.end_time)}"))
    return section("What was asked", facts([*told, *_costs(result.settings)]))


def provenance(run: RunInfo, result: Result) -> Html:
    """RunKey, hashes, engine, times."""
    told = [("RunKey", _code(result.run_key)), ("Attempt", str(result.attempt))]
    for one in result.data:
        named = f"{_series(one)}: " if len(result.data) > 1 else ""
        synthetic = ", synthetic: no market" if one.synthetic else ""
        told += [
            ("Data", f"{named}{count(one.rows)} bars, {minute(one.first)} – {minute(one.last)}{synthetic}"),
            ("Data hash", _code(one.content_hash)),
        ]
        for flow in one.cash_flows:
            told += [(f"Its {flow.kind}", count(flow.rows)), (f"Hash of its {flow.kind}", _code(flow.content_hash))]
    told += [
        ("Source hash", _code(result.source_hash)),
        ("Engine", f"{result.engine_version}, {result.mode}"),
        ("Submitted", second(run.submitted_at)),
        ("Completed", second(result.completed_at)),
        ("Duration", f"{span(result.duration_ms)}, of which simulation {span(result.simulate_ms)}"),
    ]
    return section("Where it comes from", facts(told))


def axis_text(axis: Json) -> str:
    """`5 to 50 in steps of 5`, `20, 50`, `long`."""
    if "fixed" in axis:
        return exact(axis["fixed"])
    if "values" in axis:
        values = axis["values"]
        shown = [_name(value) if isinstance(value, dict) else exact(value) for value in values[:MOST_VALUES]]
        more = f" and {count(len(values) - MOST_VALUES)} more" if len(values) > MOST_VALUES else ""
        return ", ".join(shown) + more
    step = f" in steps of {exact(axis['step'])}" if axis.get("step") is not None else ""
    return f"{exact(axis.get('min'))} to {exact(axis.get('max'))}{step}"


def _code(text: str) -> Html:
    return element("code", text)


def _series(one: DataUsed) -> str:
    return " · ".join((one.asset_name, one.exchange, one.time_frame)) if one.asset_name else one.dataset_id


def _name(series: Json) -> str:
    return " · ".join(str(series.get(part, "?")) for part in ("assetName", "exchange", "timeFrame"))


def _search(request: Json, result: OptimizationResult) -> Iterator[tuple[str, str]]:
    yield "Method", result.method
    yield "Seed", str(result.seed)
    yield "Best by", metric_name(result.sort_by)
    if request.get("budget") is not None:
        yield "Budget", f"{count(request['budget'])} trials"
    if request.get("conditions"):
        yield "Conditions", ", ".join(map(str, request["conditions"]))
    for one in request.get("objectives") or ():
        yield (
            "Objective",
            f"{metric_name(one['metric'])}, {'as large' if one['direction'] == 'max' else 'as small'} as possible",
        )
    weights = (request.get("fitness") or {}).get("weights") or {}
    for name, values in (
        ("Weights", weights),
        ("Filters", request.get("filters")),
        ("Stops", request.get("stopRules")),
    ):
        if values:
            yield name, listed(dict(values))
    if request.get("walkForward"):
        yield "Windows", listed(dict(request["walkForward"]))


def _costs(settings: Json) -> Iterator[tuple[str, str]]:
    yield "Initial cash", number(settings.get("initialCash"))
    commission = settings.get("commission")
    if isinstance(commission, dict):
        yield "Commission", _commission(commission)
    if settings.get("slippageTicks") is not None:
        yield "Slippage", f"{count(settings['slippageTicks'])} ticks"
    account = settings.get("account")
    if isinstance(account, dict):
        leverage = account.get("leverage")
        yield "Account", f"{account.get('type')}{'' if leverage is None else f', leverage {exact(leverage)}'}"
    if settings.get("cashFlows"):
        yield "Cash flows", ", ".join(settings["cashFlows"])
    if settings.get("closeAtEnd"):
        yield "At the end", "positions are closed"
    if settings.get("riskFreeRate") is not None:
        yield "Risk-free rate", number(100 * settings["riskFreeRate"], unit="%")


def _commission(told: Json) -> str:
    value, least = told.get("value", 0.0), told.get("minimum") or 0.0
    words = {"rate": f"{exact(100 * value)}% of notional", "perOrder": f"{exact(value)} per order"}
    text = words.get(str(told.get("model")), f"{exact(value)} per unit")
    return f"{text}, at least {exact(least)}" if least else text


def parameters_of(run: RunInfo) -> list[str]:
    """The names of the parameters along which an optimization varies; all of them where none does."""
    axes = {} if run.axes is UNSET else run.axes
    varied = [
        name
        for name, axis in axes.items()
        if (axis.values is not UNSET and len(axis.values) > 1)
        or (axis.min is not UNSET and axis.max is not UNSET and axis.max > axis.min)
    ]
    return varied or list(axes)

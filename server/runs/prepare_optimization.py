"""The half of a submission that only optimizations have: the space, what is searched in it, its identity."""

import math
from importlib.util import find_spec
from typing import Any, Final

from msgspec import UNSET, to_builtins

from server.contract.catalogue import ParameterInfo, StrategyInfo
from server.contract.identity import run_key
from server.contract.problems import FieldError, ForgeError, InvalidRequest
from server.contract.requests import DATA_AXIS, Axis, OptimizationRequest
from server.optimization.axes import grid, limit_values
from server.optimization.conditions import Condition, parse_conditions
from server.optimization.leaders import check_metric, check_sort
from server.optimization.ranking import Ranking
from server.optimization.search import BATCH, LEARNING
from server.optimization.selection import count_selected, selected
from server.optimization.space import Space
from server.optimization.visits import GRID, WALK_FORWARD, trials_of
from server.runs.groundwork import Groundwork
from server.runs.prepared import PreparedOptimization
from server.runs.windows import Windows, windows_in

_MAIN_SERIES: Final = ("assetName", "exchange", "timeFrame")


def prepare_optimization(
    request: OptimizationRequest, ground: Groundwork, windows: Windows | None
) -> PreparedOptimization:
    """Checks the space and what is searched in it; raises as `prepare` does."""
    info = ground.info
    ranking = ranking_of(request)
    check_method(request)
    space, conditions = space_of(request, ground)
    limit_values(space)
    if request.method in (GRID, WALK_FORWARD) and request.budget is not UNSET:
        raise InvalidRequest(
            "invalid_request", "budget", f"is for methods that search; {request.method} runs every combination"
        )
    sets = count_selected(space, conditions).sets
    if sets == 0:
        raise InvalidRequest("no_combinations", "conditions", "no combination satisfies them: nothing is left to run")
    budget = None if request.budget is UNSET else request.budget
    total = trials_of(request.method, sets, budget, windows=windows_in(request))
    if total > request.max_combinations:
        raise InvalidRequest(
            "too_many_combinations",
            "axes",
            f"{total:,} combinations are more than maxCombinations ({request.max_combinations:,}); "
            "narrow an axis, widen a step, or raise maxCombinations",
        )
    allowed = selected(space, conditions)
    if allowed is not None:  # what was counted may have been estimated
        total = trials_of(request.method, len(allowed), budget, windows=windows_in(request))
    texts = sorted({condition.text for condition in conditions})
    key = run_key(
        "optimization",
        info.name,
        info.version,
        ground.start_ms,
        ground.end_ms,
        {**_identity(ground), "search": search_identity(request, space, texts, total)},
    )
    return PreparedOptimization(
        run_key=key,
        total=total,
        axes=_axes_sent(info, request.axes),
        space=space,
        conditions=texts,
        method=request.method,
        seed=request.seed,
        time_budget_s=None if request.time_budget_seconds is UNSET else request.time_budget_seconds,
        stop_rules=request.stop_rules,
        objectives=request.objectives,
        ranking=ranking,
        trial_timeout_s=None if request.trial_timeout_seconds is UNSET else request.trial_timeout_seconds,
        max_parallelism=None if request.max_parallelism is UNSET else request.max_parallelism,
        keep_curves=request.keep_curves,
        windows=windows,
        forced=request.force,
        markets=ground.markets if DATA_AXIS in request.axes else [],
        normalizes=ground.normalizes,
        **_common(request, ground),
    )


def space_of(request: OptimizationRequest, ground: Groundwork) -> tuple[Space, list[Condition]]:
    """The space of the axes, however large, and the conditions on it; InvalidRequest as of `grid` and conditions."""
    parameters = ground.info.parameters
    if DATA_AXIS not in request.axes:
        return grid(parameters, request.axes), parse_conditions(request.conditions, parameters)
    names = [market.name for market in ground.markets]
    choice = ParameterInfo(name=DATA_AXIS, type="choice", default=names[0], choices=names)
    return grid(parameters, request.axes, names), parse_conditions(request.conditions, [choice, *parameters])


def _common(request: OptimizationRequest, ground: Groundwork) -> dict[str, Any]:
    """The fields that both kinds of runs have; where data sets are an axis the settings name none."""
    common = ground.prepared(request)
    if DATA_AXIS in request.axes:
        sent = common["settings_sent"]
        common["settings_sent"] = {name: sent[name] for name in sent if name not in _MAIN_SERIES}
    return common


def _identity(ground: Groundwork) -> dict[str, Any]:
    """What decides the results of all trials, with the content of every data set."""
    if len(ground.markets) == 1:
        return ground.main.identity
    return {**ground.main.identity, "data": [market.identity["data"] for market in ground.markets]}


def check_method(request: OptimizationRequest) -> None:
    """ForgeError `not_supported` for a method whose package is missing, InvalidRequest for objectives without use."""
    if request.method in LEARNING and find_spec("optuna") is None:
        raise ForgeError(
            "not_supported",
            f"The method {request.method} needs the package optuna: install the extra algotradeforge[search].",
            errors=(FieldError(path="method", message="needs the extra search"),),
        )
    if request.method == "nsga2" and len(request.objectives) < 2:
        raise InvalidRequest("invalid_request", "objectives", "name two or more: nsga2 weighs them against each other")
    if request.method != "nsga2" and request.objectives:
        raise InvalidRequest("invalid_request", "objectives", "are for the method nsga2; others go by sortBy")
    for place, one in enumerate(request.objectives):
        check_metric(one.metric, f"objectives[{place}].metric")


def ranking_of(request: OptimizationRequest) -> Ranking:
    """By what the trials are ranked; InvalidRequest for what is no metric."""
    check_sort(request.sort_by)
    weights = {} if request.fitness is UNSET else request.fitness.weights
    for name, weight in weights.items():
        check_metric(name, f"fitness.weights.{name}")
        if not math.isfinite(weight):
            raise InvalidRequest("invalid_request", f"fitness.weights.{name}", "must be a finite number")
    if request.fitness is not UNSET and not weights:
        raise InvalidRequest("invalid_request", "fitness.weights", "name at least one metric")
    return Ranking(sort_by=request.sort_by, weights=weights, filters=request.filters)


def search_identity(request: OptimizationRequest, space: Space, conditions: list[str], total: int) -> dict[str, Any]:
    """What decides the result of a search besides what its trials share: the one place that names it.

    A field left out is the same as its default spelled out.
    """
    return {
        "axes": {name: list(values) for name, values in zip(space.names, space.values, strict=True)},
        "conditions": conditions,
        "method": request.method,
        "seed": request.seed,
        "sortBy": request.sort_by,
        "objectives": to_builtins(request.objectives),
        "fitness": _sent(request.fitness),
        "filters": to_builtins(request.filters),
        "stopRules": to_builtins(request.stop_rules),
        "budget": None if request.method in (GRID, WALK_FORWARD) else total,
        "timeBudget": _sent(request.time_budget_seconds),
        "batchSize": BATCH if request.method in LEARNING else None,
        "walkForward": _sent(request.walk_forward),
    }


def _sent(value: object) -> Any:
    return None if value is UNSET else to_builtins(value)


def _axes_sent(info: StrategyInfo, axes: dict[str, Axis]) -> dict[str, Axis]:
    """The axes with every parameter spelled out, so that a reader sees the whole space."""
    own = {parameter.name: axes.get(parameter.name, Axis(fixed=parameter.default)) for parameter in info.parameters}
    return {DATA_AXIS: axes[DATA_AXIS], **own} if DATA_AXIS in axes else own

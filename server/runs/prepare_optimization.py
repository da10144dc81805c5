"""The half of a submission that only optimizations have: the space, what is searched in it, its identity."""

import math
from importlib.util import find_spec
from typing import Any

from msgspec import UNSET, to_builtins

from server.contract.catalogue import StrategyInfo
from server.contract.identity import run_key
from server.contract.problems import FieldError, ForgeError, InvalidRequest
from server.contract.requests import Axis, OptimizationRequest
from server.optimization.axes import grid, limit_values
from server.optimization.conditions import parse_conditions
from server.optimization.leaders import check_metric, check_sort
from server.optimization.ranking import Ranking
from server.optimization.search import BATCH, LEARNING
from server.optimization.selection import count_selected, selected
from server.optimization.space import Space
from server.optimization.visits import trials_of
from server.runs.groundwork import Groundwork
from server.runs.prepared import PreparedOptimization


def prepare_optimization(request: OptimizationRequest, ground: Groundwork) -> PreparedOptimization:
    """Checks the space and what is searched in it; raises as `prepare` does."""
    info = ground.info
    ranking = ranking_of(request)
    check_method(request)
    space = grid(info.parameters, request.axes)
    limit_values(space)
    if request.method == "grid" and request.budget is not UNSET:
        raise InvalidRequest("invalid_request", "budget", "is for methods that search; a grid runs every combination")
    conditions = parse_conditions(request.conditions, info.parameters)
    sets = count_selected(space, conditions).sets
    if sets == 0:
        raise InvalidRequest("no_combinations", "conditions", "no combination satisfies them: nothing is left to run")
    budget = None if request.budget is UNSET else request.budget
    total = trials_of(request.method, sets, budget)
    if total > request.max_combinations:
        raise InvalidRequest(
            "too_many_combinations",
            "axes",
            f"{total:,} combinations are more than maxCombinations ({request.max_combinations:,}); "
            "narrow an axis, widen a step, or raise maxCombinations",
        )
    allowed = selected(space, conditions)
    if allowed is not None:  # what was counted may have been estimated
        total = trials_of(request.method, len(allowed), budget)
    texts = sorted({condition.text for condition in conditions})
    key = run_key(
        "optimization",
        info.name,
        info.version,
        ground.start_ms,
        ground.end_ms,
        {**ground.identity, "search": search_identity(request, space, texts, total)},
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
        forced=request.force,
        **ground.prepared(request),
    )


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
        "budget": None if request.method == "grid" else total,
        "timeBudget": _sent(request.time_budget_seconds),
        "batchSize": BATCH if request.method in LEARNING else None,
        "walkForward": _sent(request.walk_forward),
    }


def _sent(value: object) -> Any:
    return None if value is UNSET else to_builtins(value)


def _axes_sent(info: StrategyInfo, axes: dict[str, Axis]) -> dict[str, Axis]:
    """The axes with every parameter spelled out, so that a reader sees the whole space."""
    return {parameter.name: axes.get(parameter.name, Axis(fixed=parameter.default)) for parameter in info.parameters}

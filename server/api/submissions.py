"""Submitting runs, cancelling them, and what an optimization would cost."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from server.api import examples
from server.api.bodies import read_json, read_query
from server.api.operation import Answer, Body, Handler, Operation
from server.api.queries import Query, SubmitQuery
from server.api.responses import collection, json_response
from server.api.services import ApiServices
from server.contract.problems import ProblemCode
from server.contract.requests import BacktestRequest, OptimizationRequest, RunKind
from server.contract.run import CancelAnswer, Evaluation, Submission

_REFUSED: Final[tuple[ProblemCode, ...]] = (
    "invalid_request",
    "not_supported",
    "unknown_strategy",
    "unknown_parameter",
    "parameter_out_of_bounds",
    "unknown_dataset",
    "empty_period",
    "money_overflow",
    "strategy_broken",
    "too_large",
    "unsupported_media",
    "draining",
    "store_unavailable",
    "disk_full",
)
_NO_SPACE: Final[tuple[ProblemCode, ...]] = ("no_combinations", "too_many_combinations")


def _submit(request_type: type[BacktestRequest] | type[OptimizationRequest]) -> Handler:
    async def submit(services: ApiServices, request: Request) -> Response:
        query = read_query(request, SubmitQuery)
        body = await read_json(request, request_type, services.limits.json_body_bytes)
        submission = await services.runs.submit(body, dry_run=query.dry_run)
        if query.dry_run:
            return json_response(submission)
        headers = {
            "Location": f"{collection(submission.kind)}/{submission.run_key}/status",
            "Retry-After": str(services.limits.submitted_retry_s),
        }
        return json_response(submission, status=202, headers=headers)

    return submit


def _cancel(kind: RunKind) -> Handler:
    async def cancel(services: ApiServices, request: Request) -> Response:
        read_query(request, Query)
        return json_response(await services.runs.cancel(kind, request.path_params["runKey"]))

    return cancel


async def _evaluate(services: ApiServices, request: Request) -> Response:
    read_query(request, Query)
    body = await read_json(request, OptimizationRequest, services.limits.json_body_bytes)
    return json_response(await services.runs.evaluate(body))


def _submit_operation(kind: RunKind) -> Operation:
    backtest = kind == "backtest"
    return Operation(
        method="POST",
        path=collection(kind),
        id=f"submit{kind.capitalize()}",
        tag=f"{kind}s",
        summary=f"Submit {'a' if backtest else 'an'} {kind}",
        description="Starts a run, joins one in flight, or answers from a stored result (`dedup` says which).",
        handler=_submit(BacktestRequest if backtest else OptimizationRequest),
        query=SubmitQuery,
        body=Body(
            struct=BacktestRequest if backtest else OptimizationRequest,
            examples={"SmaCrossover": examples.BACKTEST, "BuyAndHold": examples.BUY_AND_HOLD}
            if backtest
            else {"SmaCrossover": examples.OPTIMIZATION},
        ),
        answers={
            200: Answer("A dry run: what a submission would do; nothing is started.", Submission),
            202: Answer(
                "Accepted.", Submission, headers={"Location": "The status of the run", "Retry-After": "Seconds to wait"}
            ),
        },
        problems=(*_REFUSED, *(() if backtest else _NO_SPACE), "queue_full"),
    )


def _cancel_operation(kind: RunKind) -> Operation:
    return Operation(
        method="POST",
        path=f"{collection(kind)}/{{runKey}}/cancel",
        id=f"cancel{kind.capitalize()}",
        tag=f"{kind}s",
        summary=f"Cancel {'a' if kind == 'backtest' else 'an'} {kind}",
        description="Asks every unfinished attempt to stop; may be repeated.",
        handler=_cancel(kind),
        query=Query,
        answers={200: Answer("The run will stop.", CancelAnswer)},
        problems=("invalid_request", "run_not_found", "already_terminal", "store_unavailable"),
    )


EVALUATE: Final = Operation(
    method="POST",
    path="/api/optimizations/evaluate",
    id="evaluateOptimization",
    tag="optimizations",
    summary="What an optimization would cost",
    handler=_evaluate,
    query=Query,
    body=Body(struct=OptimizationRequest, examples={"SmaCrossover": examples.OPTIMIZATION}),
    answers={200: Answer("Combinations, limits, estimated time and memory; nothing is started.", Evaluation)},
    problems=(*_REFUSED, *_NO_SPACE),
)


def operations(kind: RunKind) -> tuple[Operation, ...]:
    """Those of one kind of run."""
    return (_submit_operation(kind), _cancel_operation(kind))

"""The event log of a backtest, a line an event."""

from typing import Final, get_args

from msgspec import UnsetType
from starlette.requests import Request
from starlette.responses import Response

from server.api.backtest_files import shown_attempt
from server.api.bodies import read_query
from server.api.moments import bounds_ms
from server.api.operation import Answer, Operation
from server.api.queries import EventsQuery
from server.api.responses import NDJSON, stream
from server.api.services import ApiServices
from server.contract.events import EventType
from server.contract.problems import InvalidRequest
from server.store.events import EventFilter

_NO_LOG: Final = (
    'This run has no event log. Submit it again with "eventLog": true: what is stored stays, '
    "and a new attempt writes the log."
)
_LOG_LATER: Final = (
    'This run has no event log yet. When what goes on now was submitted with "eventLog": true, '
    "there is one once it has ended."
)


async def _events(services: ApiServices, request: Request) -> Response:
    query = read_query(request, EventsQuery)
    wanted = EventFilter(_event_types(query.types), *bounds_ms(query.from_, query.to))
    view = await services.runs.view("backtest", request.path_params["runKey"])
    attempt, _ = shown_attempt(view)
    pieces = services.results.events(
        services.runs.result_dir(view.snapshot.run_key, attempt),
        wanted,
        limit=None if isinstance(query.limit, UnsetType) else query.limit,
        missing=_NO_LOG if view.snapshot.final else _LOG_LATER,
    )
    return await stream(pieces, media_type=NDJSON)


def _event_types(text: str | UnsetType) -> frozenset[str] | None:
    if isinstance(text, UnsetType):
        return None
    names = frozenset(name.strip() for name in text.split(","))
    for name in sorted(names.difference(get_args(EventType))):
        raise InvalidRequest("invalid_request", "types", f"{name!r} is none of {', '.join(get_args(EventType))}")
    return names


OPERATIONS: Final = (
    Operation(
        method="GET",
        path="/api/backtests/{runKey}/events",
        id="getBacktestEvents",
        tag="backtests",
        summary="The event log",
        description=(
            "An `Event` a line, in order. There is one when the run was submitted with `eventLog`, also of an attempt "
            "that its strategy failed; `not_found` otherwise."
        ),
        handler=_events,
        query=EventsQuery,
        answers={200: Answer("The events that match.", media=(NDJSON,))},
        problems=("invalid_request", "run_not_found", "not_found", "store_unavailable"),
    ),
)

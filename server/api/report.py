"""A run together with its stored result."""

from collections.abc import Mapping

import msgspec
from starlette.responses import Response

from server.api.flat import flat_view
from server.api.responses import json_bytes
from server.api.services import ApiServices
from server.runs.port import RunView
from server.store.port import AttemptRecord


async def with_result(
    services: ApiServices, view: RunView, shown: AttemptRecord | None, trials: str, headers: Mapping[str, str]
) -> Response:
    """The flat object with the result of the attempt `shown`, or with null."""
    return json_bytes(msgspec.json.encode({**flat_view(view), "result": None}), headers=headers)

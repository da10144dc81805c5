"""A run together with its stored result."""

import logging
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

import msgspec
from starlette.responses import Response

from server.api.asked import best_first, leading
from server.api.flat import flat_view
from server.api.responses import json_bytes, stream
from server.api.services import ApiServices
from server.contract.problems import ForgeError
from server.runs.port import RunView
from server.store.port import AttemptRecord
from server.store.trial_query import TrialQuery

_log: Final = logging.getLogger(__name__)


async def with_result(
    services: ApiServices,
    view: RunView,
    shown: AttemptRecord | None,
    trials: str,
    headers: Mapping[str, str],
    *,
    request: bytes | None = None,
) -> Response:
    """The flat object with the result of the attempt `shown`, or with null, and with the submission when given."""
    # The stored result is spliced in as the bytes that a worker wrote: decoding it would hold the event loop.
    asked = b"" if request is None else b',"request":' + request
    flat = msgspec.json.encode(flat_view(view))[:-1] + asked + b',"result":'
    nothing = flat + b"null}"
    if shown is None:
        return json_bytes(nothing, headers=headers)
    folder = services.runs.result_dir(shown.run_key, shown.attempt)
    try:
        if view.snapshot.run.kind == "backtest":
            return json_bytes(flat + (await services.results.result_json(folder)).rstrip() + b"}", headers=headers)
        pieces = _optimization(services, folder, shown, None if trials == "all" else int(trials))
        return await stream(_within(flat, pieces), headers=headers)
    except ForgeError as error:
        if error.code != "not_found":
            raise
        # The run is known and its state true, whatever became of its files.
        _log.error("the files of an attempt are gone", extra={"run_key": shown.run_key, "attempt": shown.attempt})
        return json_bytes(nothing, headers=headers)


async def _optimization(
    services: ApiServices, folder: Path, shown: AttemptRecord, limit: int | None
) -> AsyncIterator[bytes]:
    """The whole result of an optimization with its first `limit` trials (all without it), in pieces.

    The best come first, and those that miss a bound of the run's filters, which never lead, behind the others.
    """
    result = await services.results.result_json(folder)
    yield result.rstrip()[:-1] + b',"trials":'
    query = TrialQuery(sort=best_first(shown))
    async for piece in services.trials.listed(folder, query, limit=limit, leading=leading(shown)):
        yield piece
    yield b"}"


async def _within(head: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head + await anext(pieces)
    async for piece in pieces:
        yield piece
    yield b"}"

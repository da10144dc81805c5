"""Every operation of the API."""

from functools import cache
from typing import Any, Final

import msgspec

from server.api import (
    asyncapi,
    backtest_files,
    chart,
    datasets,
    documents,
    downloads,
    event_log,
    metrics,
    openapi,
    report_file,
    rest_page,
    retention,
    spread,
    stored,
    strategies,
    submissions,
    surface,
    system,
    trials,
    websocket_page,
)
from server.api.html_page import html_of
from server.api.operation import Operation


def openapi_document() -> dict[str, Any]:
    """The OpenAPI document."""
    return openapi.document(OPERATIONS)


@cache
def openapi_json() -> bytes:
    """The OpenAPI document as it is sent."""
    return msgspec.json.encode(openapi_document())


@cache
def asyncapi_json() -> bytes:
    """The AsyncAPI document as it is sent."""
    return msgspec.json.encode(asyncapi.document())


@cache
def _rest_html() -> str:
    return html_of(rest_page.page(openapi_document()))


@cache
def _websocket_html() -> str:
    return html_of(websocket_page.page(asyncapi.document()))


OPERATIONS: Final[tuple[Operation, ...]] = (
    *submissions.operations("backtest"),
    *stored.operations("backtest"),
    *backtest_files.OPERATIONS,
    *chart.OPERATIONS,
    *event_log.OPERATIONS,
    report_file.operation("backtest"),
    *submissions.operations("optimization"),
    submissions.EVALUATE,
    *stored.operations("optimization"),
    *trials.OPERATIONS,
    *surface.OPERATIONS,
    *spread.OPERATIONS,
    report_file.operation("optimization"),
    *strategies.OPERATIONS,
    *datasets.OPERATIONS,
    *downloads.OPERATIONS,
    *system.OPERATIONS,
    *metrics.OPERATIONS,
    *retention.OPERATIONS,
    *documents.operations(openapi_json, _rest_html, asyncapi_json, _websocket_html),
)

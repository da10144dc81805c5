"""Every operation of the API."""

from functools import cache
from typing import Final

import msgspec

from server.api import (
    backtest_files,
    chart,
    datasets,
    documents,
    downloads,
    event_log,
    metrics,
    openapi,
    report_file,
    spread,
    stored,
    strategies,
    submissions,
    surface,
    system,
    trials,
)
from server.api.docs_page import render
from server.api.operation import Operation


@cache
def openapi_json() -> bytes:
    """The OpenAPI document."""
    return msgspec.json.encode(openapi.document(OPERATIONS))


@cache
def docs_page() -> str:
    """The document as HTML."""
    return render(openapi.document(OPERATIONS))


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
    *documents.operations(openapi_json, docs_page),
)

"""Strategies and data sets as the catalogues list them."""

from typing import Any, Literal

from server.contract.base import Instant, Model, ParamValue

ParamType = Literal["int", "float", "bool", "choice"]
CashFlowKind = Literal["funding", "dividends"]
DatasetKind = Literal["bars", CashFlowKind]


class ParameterInfo(Model, frozen=True, kw_only=True):
    """One typed parameter; `unit` `quote`: an amount of quote currency. `step` spaces axes, it constrains nothing."""

    name: str
    type: ParamType
    default: ParamValue
    min: float | int | None = None
    max: float | int | None = None
    step: float | int | None = None
    unit: Literal["raw", "quote"] = "raw"
    choices: list[str] | None = None
    description: str = ""


class SourceError(Model, frozen=True, kw_only=True):
    """Why a user's file does not load: `line` is 1-based, 0 when unknown."""

    file: str
    line: int
    message: str


class StrategyInfo(Model, frozen=True, kw_only=True):
    """A strategy as it can be run; with `error` its file does not load and only `name` and `file` mean anything."""

    name: str
    version: str = ""
    description: str = ""
    file: str | None = None
    source_hash: str = ""
    parameters: list[ParameterInfo] = []
    compilable: bool = False
    reason: str | None = None
    templates: dict[str, Any] = {}
    error: SourceError | None = None


class Gap(Model, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Bars that a regular series would have between two neighbours: the first and last missing one."""

    from_: Instant
    to: Instant
    bars: int


class DatasetInfo(Model, frozen=True, kw_only=True):
    """One immutable version of a series; `gaps` holds the longest 100 of `gap_count`.

    Cash flows have the name of their kind as `time_frame`, which is none, amounts in steps of `tick_size`, no gaps.
    """

    id: str
    asset_name: str
    exchange: str
    time_frame: str
    version: int
    content_hash: str
    rows: int
    first: Instant
    last: Instant
    tick_size: float
    lot_size: float
    quote: str
    multiplier: float
    gaps: list[Gap]
    gap_count: int
    quarantined: int
    source: str
    ingested_at: Instant
    synthetic: bool
    kind: DatasetKind = "bars"

"""The query parameters of every operation, as structs."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from server.contract.base import Request
from server.contract.catalogue import DatasetKind
from server.contract.requests import Name
from server.contract.results import OrderSide, OrderStatus, OrderType, TrialStatus
from server.contract.surface import Fold

Limit = Annotated[int, Meta(ge=1, le=500, description="Items on a page")]
Cursor = Annotated[str, Meta(min_length=1, max_length=1000, description="The `nextCursor` of the page before")]
Sort = Annotated[
    str, Meta(min_length=1, max_length=80, description="A field or metric; a leading `-` sorts falling: `-netProfit`")
]
Statuses = Annotated[str, Meta(max_length=80, description="One or more, separated by commas: `Running,Pending`")]
Day = Annotated[str, Meta(max_length=40, description="RFC 3339 with a time zone, or a day: `2024-01-31`")]
Text = Annotated[str, Meta(min_length=1, max_length=200)]
TrialCount = Annotated[
    str,
    Meta(pattern="^(all|0|[1-9][0-9]{0,6})$", description="Trials in `result`: a number, or `all`"),
]
DecimalText = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{1,18}(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?$",
        description="A decimal number greater than 0: `0.00001`",
    ),
]


def _camel(name: str) -> str:
    """`time_frame` as `timeFrame`; the underscore that keeps `from_` off the keyword goes."""
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(part.capitalize() for part in rest)


class Query(Request, frozen=True, kw_only=True, rename=_camel):
    """Query parameters of an operation; the base alone allows none."""


class SubmitQuery(Query, frozen=True, kw_only=True):
    """Of a submission."""

    dry_run: Annotated[bool, Meta(description="Answer what would happen, start nothing")] = False


class PruneQuery(Query, frozen=True, kw_only=True):
    """Of pruning."""

    dry_run: Annotated[bool, Meta(description="Answer what would go, remove nothing")] = False


class StatusQuery(Query, frozen=True, kw_only=True):
    """Of the status of a run."""

    attempt: Annotated[int, Meta(ge=1, le=1_000_000_000, description="At least this attempt")] | UnsetType = UNSET
    trials: TrialCount = "1000"


class StoredQuery(Query, frozen=True, kw_only=True):
    """Of a stored run."""

    trials: TrialCount = "1000"


class RunsQuery(Query, frozen=True, kw_only=True, rename=_camel):
    """Of a list of runs; `from` and `to` bound the instant of submission."""

    strategy: Text | UnsetType = UNSET
    asset: Text | UnsetType = UNSET
    exchange: Text | UnsetType = UNSET
    time_frame: Text | UnsetType = UNSET
    status: Statuses = ""
    from_: Day | UnsetType = UNSET
    to: Day | UnsetType = UNSET
    q: Annotated[str, Meta(min_length=1, max_length=200, description="Text in key, label or strategy")] | UnsetType = (
        UNSET
    )
    sort: Sort = "-submittedAt"
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class EquityQuery(Query, frozen=True, kw_only=True):
    """Of an equity curve."""

    points: (
        Annotated[int, Meta(ge=2, le=20_000, description="At most about so many points; extremes are kept")] | UnsetType
    ) = UNSET


class TradesQuery(Query, frozen=True, kw_only=True):
    """Of the round trips of a backtest."""

    sort: Sort = "entryTime"
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class OrdersQuery(Query, frozen=True, kw_only=True):
    """Of the orders of a backtest; those that match every filter."""

    status: OrderStatus | UnsetType = UNSET
    side: OrderSide | UnsetType = UNSET
    type: OrderType | UnsetType = UNSET
    sort: Sort = "submittedAt"
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class BarsQuery(Query, frozen=True, kw_only=True, rename=_camel):
    """Of the bars of a backtest; `from` and `to` bound their opens."""

    from_: Day | UnsetType = UNSET
    to: Day | UnsetType = UNSET
    points: Annotated[int, Meta(ge=2, le=20_000, description="At most so many rows; extremes are kept")] = 2_000
    series: Annotated[int, Meta(ge=0, le=10_000, description="Which one of several series, 0 the main one")] = 0
    indicators: (
        Annotated[
            str, Meta(max_length=2_000, description="Some of what the strategy plots, separated by commas: `fast,slow`")
        ]
        | UnsetType
    ) = UNSET


class EventsQuery(Query, frozen=True, kw_only=True, rename=_camel):
    """Of the event log of a backtest; those that match every filter, from the first on."""

    types: (
        Annotated[
            str, Meta(min_length=1, max_length=200, description="One or more, separated by commas: `ord.fill,pos`")
        ]
        | UnsetType
    ) = UNSET
    from_: Day | UnsetType = UNSET
    to: Day | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=10_000_000, description="At most so many")] | UnsetType = UNSET


class TrialsQuery(Query, frozen=True, kw_only=True):
    """Of the trials of an optimization that match every filter, the bounds those of a submission's `filters`.

    Without `sort` best first by the run's `sortBy`, while it runs by index.
    """

    sort: Sort | UnsetType = UNSET
    status: TrialStatus | UnsetType = UNSET
    min_total_trades: int | UnsetType = UNSET
    min_net_profit: float | UnsetType = UNSET
    min_profit_factor: float | UnsetType = UNSET
    max_drawdown_pct: float | UnsetType = UNSET
    min_sharpe_ratio: float | UnsetType = UNSET
    min_sortino_ratio: float | UnsetType = UNSET
    min_annual_return_pct: float | UnsetType = UNSET
    limit: Limit = 50
    cursor: Cursor | UnsetType = UNSET


class SurfaceQuery(Query, frozen=True, kw_only=True):
    """Of a metric over two parameters."""

    x: Annotated[str, Meta(min_length=1, max_length=120, description="The parameter of the columns")]
    y: Annotated[str, Meta(min_length=1, max_length=120, description="The parameter of the rows")]
    metric: Annotated[str, Meta(min_length=1, max_length=80, description="A metric, or `fitness`")] = "fitness"
    fold: Annotated[Fold, Meta(description="What the trials of a cell come to")] = "best"
    bins: Annotated[int, Meta(ge=1, le=1_000, description="At most so many columns and rows")] = 128
    fixed: Annotated[
        str, Meta(max_length=4_000, description='Only trials of these parameters, as JSON: `{"mode":"long"}`')
    ] = "{}"


class SampleQuery(Query, frozen=True, kw_only=True):
    """Of some trials as columns."""

    metrics: Annotated[
        str, Meta(min_length=1, max_length=200, description="A metric or `fitness`, or a few, separated by commas")
    ] = "fitness"
    points: Annotated[int, Meta(ge=2, le=10_000, description="At most so many trials")] = 2_000


class DistributionQuery(Query, frozen=True, kw_only=True):
    """Of how a metric is spread."""

    metric: Annotated[str, Meta(min_length=1, max_length=80, description="A metric, or `fitness`")] = "fitness"
    bins: Annotated[int, Meta(ge=1, le=500, description="At most so many steps")] = 40


class UploadQuery(Query, frozen=True, kw_only=True):
    """Of an upload; tick and lot size are inferred from the file when they are left out."""

    asset_name: Name
    exchange: Name
    kind: Annotated[DatasetKind, Meta(description="What the rows are")] = "bars"
    time_frame: Annotated[Name, Meta(description="Of bars, which need one; cash flows have none")] | UnsetType = UNSET
    tick_size: DecimalText | UnsetType = UNSET
    lot_size: DecimalText | UnsetType = UNSET
    quote: Name | UnsetType = UNSET
    multiplier: DecimalText | UnsetType = UNSET
    source: Annotated[str, Meta(max_length=500, description="Where the file comes from")] | UnsetType = UNSET
    quarantine: Annotated[bool, Meta(description="Leave bad rows out and count them, unless most are bad")] = False


class BarsUploadQuery(UploadQuery, frozen=True, kw_only=True):
    """Of an upload of bars."""

    time_frame: Name

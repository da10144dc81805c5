"""Bars that the server fetches from an exchange in the background."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from server.contract.base import Instant, Model, Request
from server.contract.problems import ProblemCode
from server.contract.requests import Moment, Name
from server.contract.run import RunStatus

DownloadPhase = Literal["queued", "connecting", "fetching", "waiting", "importing"]
ExchangeId = Annotated[
    str, Meta(pattern="^[A-Za-z0-9]{1,40}$", description="an id of ccxt: `binance`, `kraken`, `coinbaseexchange`")
]
Symbol = Annotated[
    str, Meta(min_length=1, max_length=80, description="As ccxt writes it: `BTC/USDT`; or run together: `BTCUSDT`")
]


class DownloadRequest(Request, frozen=True, kw_only=True):
    """One series of one exchange. `symbol` or `assetName` says of what; with both, `assetName` is its name here.

    Without `endTime` the bars reach to the newest whole one, and asking again goes on from there. `exchangeName` is
    what the exchange is called here, left out: its own name.
    """

    exchange: ExchangeId
    time_frame: Name
    start_time: Moment
    end_time: Moment | UnsetType = UNSET
    symbol: Symbol | UnsetType = UNSET
    asset_name: Name | UnsetType = UNSET
    exchange_name: Name | UnsetType = UNSET


class DownloadLinks(Model, frozen=True, kw_only=True):
    """Where to go on; `dataset` once it is there."""

    self: str
    cancel: str
    resume: str
    dataset: str | None


class Download(Model, frozen=True, kw_only=True):
    """A download as it stands. `fetched` of about `expected` bars, a regular series to `endTime` or now.

    `barTime`: of the newest bar that is here. `retries`: requests that had to be repeated. `notice`: what is worth
    knowing, `errorMessage` and `code` why it failed. `datasetId`: what the bars became, the newest version.
    """

    id: str
    exchange: str
    exchange_name: str | None
    symbol: str | None
    asset_name: str | None
    time_frame: str
    start_time: Instant
    end_time: Instant | None
    status: RunStatus
    phase: DownloadPhase | None
    fetched: int
    expected: int | None
    rate_per_second: float | None
    eta_seconds: float | None
    bar_time: Instant | None
    retries: int
    notice: str | None
    error_message: str | None
    code: ProblemCode | None
    dataset_id: str | None
    gap_count: int | None
    cancel_requested: bool
    submitted_at: Instant
    started_at: Instant | None
    completed_at: Instant | None
    links: DownloadLinks

"""What a fetching process is asked, and what it tells."""

import msgspec

from server.contract.problems import ProblemCode


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to fetch into `folder`; `symbol` or else `asset_name` says of what. Times in ms, `end_ms` None: to now.

    `base_url` is asked in place of the exchange's own addresses.
    """

    folder: str
    exchange: str
    time_frame: str
    frame_ms: int
    start_ms: int
    end_ms: int | None
    symbol: str | None
    asset_name: str | None
    base_url: str | None


class Found(msgspec.Struct, frozen=True, kw_only=True, tag="found"):
    """The market; sizes are decimal texts, None where the exchange names none. `fetched` bars are here from before.

    `library`: what speaks with the exchange, with its version.
    """

    library: str
    symbol: str
    asset_name: str
    exchange_name: str
    quote: str
    tick_size: str | None
    lot_size: str | None
    multiplier: str | None
    fetched: int


class Progress(msgspec.Struct, frozen=True, kw_only=True, tag="progress"):
    """How far it is: bars here, of the first and the last when, up to where bars are whole. Times in ms."""

    fetched: int
    first_ms: int | None
    last_ms: int | None
    until_ms: int


class Waiting(msgspec.Struct, frozen=True, kw_only=True, tag="waiting"):
    """The next request is put off: why, and how many had to be repeated so far."""

    reason: str
    retries: int


class Fetched(msgspec.Struct, frozen=True, kw_only=True, tag="fetched"):
    """All that there is was fetched."""

    fetched: int
    first_ms: int | None


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """It could not be; what was fetched stays. `code` for what the user can put right."""

    message: str
    code: ProblemCode | None = None


Message = Found | Progress | Waiting | Fetched | Failed

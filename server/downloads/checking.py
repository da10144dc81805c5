"""What can be seen to be wrong with a request without asking the exchange."""

import time
from typing import Final

from msgspec import UNSET

from server.contract.base import instant_ms
from server.contract.downloads import DownloadRequest
from server.contract.problems import InvalidRequest
from server.data.naming import normal_name
from server.data.time_frames import parse_time_frame
from server.downloads.installed import checked_exchange

_MOST_BARS: Final = 50_000_000


def check_request(request: DownloadRequest) -> str:
    """ccxt's id of the exchange; ForgeError `invalid_request`, or `not_supported` without ccxt."""
    exchange = checked_exchange(request.exchange)
    frame = parse_time_frame(request.time_frame)
    if request.symbol is UNSET and request.asset_name is UNSET:
        raise InvalidRequest("invalid_request", "symbol", "name the market: BTC/USDT; or give assetName: BTCUSDT")
    for path, name in (("assetName", request.asset_name), ("exchangeName", request.exchange_name)):
        if name is not UNSET:
            normal_name(name, path)
    now_ms = time.time_ns() // 1_000_000
    start_ms = instant_ms(request.start_time)
    end_ms = now_ms if request.end_time is UNSET else instant_ms(request.end_time)
    if start_ms >= now_ms:
        raise InvalidRequest("invalid_request", "startTime", "is not in the past: nothing has happened there yet")
    if end_ms < start_ms:
        raise InvalidRequest("invalid_request", "endTime", "is before startTime")
    bars = (min(end_ms, now_ms) - max(0, start_ms)) // frame.ms
    if bars > _MOST_BARS:
        raise InvalidRequest("invalid_request", "startTime", f"{bars:,} bars are too many; split the period")
    return exchange

"""What a fetching process can say without breaking the link."""

import asyncio
import multiprocessing
import socket
from typing import Any

import msgspec
import pytest

from server.downloads import fetch_process
from server.downloads.fetch_link import FetchLink
from server.downloads.messages import Failed, Order

ORDER = Order(
    folder="",
    exchange="kraken",
    time_frame="1h",
    frame_ms=3_600_000,
    start_ms=0,
    end_ms=None,
    symbol="BTC/USD",
    asset_name=None,
    base_url=None,
)


def test_an_error_with_a_page_in_it_is_told_in_short(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any) -> None:
        raise KeyError("<html>" * 100_000)

    monkeypatch.setattr(fetch_process, "_fetch", breaks)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        outcome = fetch_process._outcome(ORDER, theirs)
    assert isinstance(outcome, Failed)
    assert outcome.message.startswith("internal error: KeyError: '<html><html>")
    assert outcome.message.endswith("; see the server's log")
    assert len(msgspec.json.encode(outcome)) < 500


async def test_a_line_that_is_too_long_fails_the_download() -> None:
    reader = asyncio.StreamReader(limit=100)
    reader.feed_data(b"x" * 1_000 + b"\n")
    ended = await FetchLink(reader, multiprocessing.Process()).receive()
    assert isinstance(ended, Failed)
    assert "said more than anyone reads" in ended.message

"""A stand-in exchange: a real HTTP server on this machine that answers as Coinbase Exchange does."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

HOUR_S: Final = 3_600
FIRST_S: Final = 1_704_067_200
"""2024-01-01T00:00Z, when the exchange has its first bar."""
PAGE: Final = 300
_PRODUCT: Final = {
    "id": "BTC-USD",
    "base_currency": "BTC",
    "quote_currency": "USD",
    "quote_increment": "0.01",
    "base_increment": "0.00000001",
    "min_market_funds": "1",
    "margin_enabled": False,
    "trading_disabled": False,
    "status": "online",
}


class StandIn:
    """What the exchange has, and how it behaves: `troubles` are had one a request for bars, until none is left."""

    def __init__(self) -> None:
        self.now_s = FIRST_S + 1_000 * HOUR_S + 1_800
        self.missing = range(FIRST_S + 400 * HOUR_S, FIRST_S + 410 * HOUR_S)
        self.troubles: deque[str] = deque()
        self.gate = threading.Event()
        self.gate.set()
        self.reached = threading.Event()
        self.gated_from_s = FIRST_S
        self.asked: list[int] = []
        self.url = ""

    def close_gate(self, bars: int) -> None:
        """Pages from so many bars on wait until the gate opens; `reached` is set when one does."""
        self.gated_from_s = FIRST_S + bars * HOUR_S
        self.reached.clear()
        self.gate.clear()

    def candles(self, start_s: int, end_s: int, step_s: int) -> list[list[float]]:
        """Newest first, as the exchange has them; the one that is still being made is among them."""
        opens = range(max(FIRST_S, start_s) // step_s * step_s, min(end_s, self.now_s) + 1, step_s)
        return [self._candle(open_s) for open_s in opens if open_s >= start_s and open_s not in self.missing][::-1]

    def _candle(self, open_s: int) -> list[float]:
        """Time, low, high, open, close, volume."""
        price = 40_000 + open_s // HOUR_S * 7919 % 1000 / 100
        return [open_s, price - 5.25, price + 7.5, price, price + 1.01, 1.5e-7 + open_s % 7]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    it: StandIn

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path:
            case "/products":
                self._answer([_PRODUCT])
            case "/time":
                self._answer({"iso": "", "epoch": self.it.now_s})
            case "/products/BTC-USD/candles":
                self._bars(query)
            case _:
                self._answer({"message": "NotFound"}, 404)

    def _bars(self, query: dict[str, str]) -> None:
        start_s, end_s = (int(datetime.fromisoformat(query[name]).timestamp()) for name in ("start", "end"))
        step_s = int(query["granularity"])
        self.it.asked.append(start_s)
        trouble = self.it.troubles.popleft() if self.it.troubles else ""
        if trouble == "rate limit":
            self._answer({"message": "Public rate limit exceeded"}, 429, {"Retry-After": "1"})
        elif trouble == "broken":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"[[17040")
            self.close_connection = True
        elif trouble == "down":
            self._answer({"message": "maintenance"}, 503)
        elif trouble == "refuses":
            self._answer({"message": "not for you"}, 400)
        elif (end_s - start_s) // step_s >= PAGE:
            self._answer({"message": "granularity too small for the requested time range"}, 400)
        else:
            if start_s >= self.it.gated_from_s and not self.it.gate.is_set():
                self.it.reached.set()
                self.it.gate.wait(30)
            self._answer(self.it.candles(start_s, end_s, step_s))

    def _answer(self, value: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        for name, text in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, text)
        self.end_headers()
        try:
            self.wfile.write(body)
        except ConnectionError:  # who asked was killed meanwhile
            self.close_connection = True

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:  # who asked was killed meanwhile
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody reads it."""


@contextmanager
def exchange_served() -> Iterator[StandIn]:
    """The exchange on a free port, until the block ends."""
    it = StandIn()
    handler = type("Handler", (_Handler,), {"it": it})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        it.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield it
        finally:
            it.gate.set()
            server.shutdown()
            thread.join()

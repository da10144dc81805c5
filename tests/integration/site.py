"""A server with bars and strategies of every temper, and the requests that tests make of it."""

import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import httpx

from server.contract.run import TERMINAL
from tests.integration.serving import Served

Kind = Literal["backtests", "optimizations"]
ROWS: Final = 3_000
FIRST: Final = "2024-01-01T00:00:00Z"
LAST: Final = "2024-12-31T00:00:00Z"
END_LIMIT_S: Final = 30.0

STRATEGIES: Final = {
    "gated.py": '''
import os
import time
from pathlib import Path

from server.strategies import Bar, Strategy, param


class Gated(Strategy):
    """Waits at a bar until the file of its gate is there; its bars before that one have all been told by then."""

    version = "1.0.0"
    gate: int = param(0, min=0, max=100000)
    at: int = param(20, min=1, max=100000)

    def init(self) -> None:
        self.folder = Path(os.environ["GATES"])
        (self.folder / f"{self.gate}.pid").write_text(str(os.getpid()))

    def on_bar(self, bar: Bar) -> None:
        if bar.i < self.at:
            # Longer than a stride lasts, so that each bar is one; the last longer than a block.
            time.sleep(0.006 if bar.i == self.at - 1 else 0.0012)
        elif bar.i == self.at:
            while not (self.folder / str(self.gate)).exists():
                time.sleep(0.002)
        if bar.i == 1:
            self.buy(1)


class Slow(Strategy):
    """Takes two milliseconds for a bar."""

    version = "1.0.0"
    salt: int = param(0, min=0, max=1000000)

    def init(self) -> None:
        pass

    def on_bar(self, bar: Bar) -> None:
        time.sleep(0.002)
        if bar.i % 20 == 0:
            if self.position == 0:
                self.buy(1)
            else:
                self.close()
''',
    "boom.py": '''
from server.strategies import Bar, Strategy, param


class Boom(Strategy):
    """Raises at a bar."""

    version = "1.0.0"
    at: int = param(500, min=0, max=100000)

    def init(self) -> None:
        pass

    def on_bar(self, bar: Bar) -> None:
        if bar.i == self.at:
            raise RuntimeError(f"boom at {bar.i}")


class Picky(Strategy):
    """Cannot bear a multiple of three."""

    version = "1.0.0"
    number: int = param(1, min=0, max=1000, step=1)
    quantity: float = param(1.0, min=0.1, max=100.0, step=0.1)

    def init(self) -> None:
        if self.number % 3 == 0:
            raise ValueError("a multiple of three")

    def on_bar(self, bar: Bar) -> None:
        if bar.i % (self.number + 10) == 0:
            if self.position == 0:
                self.buy(self.quantity)
            else:
                self.close()
''',
    "beside.py": '''
from server.strategies import Bar, Strategy


class Beside(Strategy):
    """Buys and sells the second asset by the bars of the main series."""

    version = "1.0.0"

    def init(self) -> None:
        pass

    def on_bar(self, bar: Bar) -> None:
        if bar.feed != 0:
            return
        if bar.i == 2:
            self.buy(2, asset=1)
        elif bar.i == 5:
            self.close(asset=1)
        elif bar.i == 7:
            self.buy(3)
        elif bar.i == 9:
            self.buy(100000, asset=1)
''',
    "exits.py": '''
import os

from server.strategies import Bar, Strategy, param


class Exits(Strategy):
    """Ends its process."""

    version = "1.0.0"

    def init(self) -> None:
        pass

    def on_bar(self, bar: Bar) -> None:
        if bar.i == 50:
            os._exit(3)


class Fatal(Strategy):
    """Ends its process for one number."""

    version = "1.0.0"
    number: int = param(1, min=0, max=1000)

    def init(self) -> None:
        if self.number == 3:
            os._exit(3)

    def on_bar(self, bar: Bar) -> None:
        pass
''',
    "broken.py": "from server.strategies import Strategy\n\nimport not_there_at_all\n",
    "crooked.py": "class Crooked(:\n    pass\n",
}


def bars_csv(rows: int = ROWS, seed: int = 1, start_ms: int = 1_704_067_200_000, step_ms: int = 3_600_000) -> str:
    """Hourly bars of a walk that is the same each time, prices in cents."""
    lines = ["timestamp,open,high,low,close,volume"]
    state, close = seed * 2_654_435_761 % 2**32, 10_000
    for row in range(rows):
        state = (1_103_515_245 * state + 12_345) % 2**31
        opened, close = close, max(500, close + (state >> 16) % 81 - 40)
        high, low = max(opened, close) + state % 7, min(opened, close) - state % 5
        prices = ",".join(f"{price / 100:.2f}" for price in (opened, high, low, close))
        lines.append(f"{start_ms + row * step_ms},{prices},{100 + state % 50}")
    return "\n".join(lines) + "\n"


class Site:
    """A served home; what is not said in a request is what most tests want."""

    def __init__(self, served: Served, gates: Path, http: httpx.Client) -> None:
        self.served = served
        self.gates = gates
        self.http = http
        self._number = 0

    @property
    def sockets(self) -> str:
        """The address for WebSockets."""
        return self.served.url.replace("http", "ws", 1)

    def another(self) -> int:
        """A number that no test was given before."""
        self._number += 1
        return self._number

    # requests

    def settings(self, **changes: Any) -> dict[str, Any]:
        """What both kinds share; a label that nobody else has is no part of the identity, cash is."""
        return {
            "assetName": "ACME",
            "exchange": "TEST",
            "timeFrame": "1h",
            "startTime": FIRST,
            "endTime": LAST,
            "strategyName": "SmaCrossover",
            "initialCash": 10_000,
            "commissionPerTrade": 0.001,
        } | changes

    def fresh(self, **changes: Any) -> dict[str, Any]:
        """Settings of a run that nobody has asked for yet."""
        return self.settings(initialCash=20_000 + self.another()) | changes

    def gated(self, at: int = 20, **changes: Any) -> tuple[dict[str, Any], Path]:
        """A backtest that crawls from a bar on, and the file that lets it run."""
        gate = self.another()
        request = self.fresh(strategyName="Gated", strategyParameters={"gate": gate, "at": at}, **changes)
        return request, self.gates / str(gate)

    def at_gate(self, at: int = 20, **changes: Any) -> tuple[str, Path]:
        """The key of a backtest that waits at a bar now, and the file that lets it go on."""
        request, gate = self.gated(at, **changes)
        key = self.submit("backtests", request)["runKey"]
        self.until("backtests", key, processed=at)
        return key, gate

    def post(self, kind: Kind, request: Mapping[str, Any], **query: Any) -> httpx.Response:
        """A submission."""
        return self.http.post(f"/api/{kind}", json=request, params=query)

    def submit(self, kind: Kind, request: Mapping[str, Any], **query: Any) -> dict[str, Any]:
        """A submission that is taken."""
        answer = self.post(kind, request, **query)
        assert answer.is_success, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def cancel(self, kind: Kind, key: str) -> httpx.Response:
        """Asks a run to stop."""
        return self.http.post(f"/api/{kind}/{key}/cancel")

    # looking

    def status(self, kind: Kind, key: str, **query: Any) -> dict[str, Any]:
        """The status now."""
        answer = self.http.get(f"/api/{kind}/{key}/status", params=query)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    def pages(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """The items of every page, which must be as many as the first page says."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            answer = self.http.get(path, params=query | cursor)
            assert answer.status_code == httpx.codes.OK, answer.text
            page = answer.json()
            items += page["items"]
            if page["nextCursor"] is None:
                assert len(items) == page["totalCount"]
                return items
            assert len(page["items"]) == query["limit"]
            cursor = {"cursor": page["nextCursor"]}

    def until(self, kind: Kind, key: str, **wanted: Any) -> dict[str, Any]:
        """The first status seen with these values; waits as clients do, by asking for the next change."""
        deadline = time.monotonic() + END_LIMIT_S
        etag = ""
        body: dict[str, Any] = {}
        while time.monotonic() < deadline:
            headers = {"If-None-Match": etag, "Prefer": "wait=5"} if etag else {}
            answer = self.http.get(f"/api/{kind}/{key}/status", headers=headers)
            if answer.status_code == httpx.codes.OK:
                etag, body = answer.headers["etag"], answer.json()
                if all(body[name] == value for name, value in wanted.items()):
                    return body
            if body["status"] in TERMINAL:
                if not {"attempt", "resultAttempt"} & wanted.keys():
                    break
                time.sleep(0.01)  # an end is not waited on; only asking again tells of the next attempt
        raise AssertionError(f"{key} never had {wanted}; it is {body}")

    def crawling(self, key: str, at: int = 100) -> dict[str, Any]:
        """The status of a gated backtest once it has come to its bar."""
        status = self.until("backtests", key, status="Running", phase="simulating")
        while status["processed"] < at:
            assert status["status"] == "Running", status
            status = self.status("backtests", key)
        return status

    def ended(self, kind: Kind, key: str, status: str = "Completed") -> dict[str, Any]:
        """The status once the run has ended so."""
        return self.until(kind, key, status=status)

    def run(self, kind: Kind, request: Mapping[str, Any], status: str = "Completed") -> dict[str, Any]:
        """Submits and waits for the end."""
        return self.ended(kind, self.submit(kind, request)["runKey"], status)

    def bring(self, csv: str, **query: str) -> httpx.Response:
        """Uploads a CSV."""
        named = {"assetName": "ACME", "exchange": "TEST", "timeFrame": "1h"} | query
        return self.http.post("/api/datasets", params=named, content=csv, headers={"Content-Type": "text/csv"})

    def problem(self, answer: httpx.Response, status: int, code: str, path: str | None = None) -> dict[str, Any]:
        """The problem that an answer must be; with `path` one that names this field."""
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        body: dict[str, Any] = answer.json()
        assert body["code"] == code, body
        assert body["detail"]
        assert body["error"] == body["detail"]
        assert body["status"] == status
        if path is not None:
            assert path in [error["path"] for error in body["errors"]], body
        return body

    def kill(self) -> None:
        """Ends the server without a word."""
        self.served.stop(signal.SIGKILL)

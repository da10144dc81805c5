"""How much is done: a short form within the normal suite, all of it with FAULTS=full (`make test-faults`)."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.integration.conftest import opened
from tests.integration.site import Site
from tests.redis_server import RedisServer, redis_server

OpenSite = Callable[..., Site]
CRAWLER: Final = '''
import os
import time
from pathlib import Path

from server.strategies import Bar, Strategy, param


class Crawler(Strategy):
    """Takes ten milliseconds a bar until the file of its gate is there."""

    version = "1.0.0"
    gate: int = param(0, min=0, max=1000000)

    def init(self) -> None:
        self.path = Path(os.environ["GATES"]) / f"crawl-{self.gate}"
        self.path.with_suffix(".pid").write_text(str(os.getpid()))
        self.opened = False

    def on_bar(self, bar: Bar) -> None:
        if not self.opened:
            time.sleep(0.01)
            self.opened = bar.i % 10 == 0 and self.path.exists()


class Trial(Strategy):
    """Takes ten milliseconds in all, and tells which process it runs in."""

    version = "1.0.0"
    number: int = param(0, min=0, max=100000, step=1)

    def init(self) -> None:
        (Path(os.environ["GATES"]) / "trial.pid").write_text(str(os.getpid()))
        time.sleep(0.01)

    def on_bar(self, bar: Bar) -> None:
        if bar.i == 1 + self.number % 100:
            self.buy(1)
'''


@dataclass(frozen=True)
class Dose:
    """How often and how long: short beside other tests, full on demand.

    `patience` stretches limits of time where other tests may keep the machine busy; at full length it is 1.
    """

    kills: int
    crowd: int
    stop_s: float
    frames: int
    submissions: int
    patience: float


@pytest.fixture(scope="session")
def dose() -> Dose:
    """By the environment."""
    if os.environ.get("FAULTS") == "full":
        return Dose(kills=100, crowd=1_000, stop_s=30, frames=100_000, submissions=2_000, patience=1)
    return Dose(kills=5, crowd=100, stop_s=6, frames=2_000, submissions=200, patience=4)


@pytest.fixture
def open_site(tmp_path: Path) -> Iterator[OpenSite]:
    """Starts servers on one home, one after the other; they end with the test."""
    folder = tmp_path / "strategies"
    folder.mkdir()
    (folder / "crawler.py").write_text(CRAWLER)
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(opened(tmp_path, **{"FORGE_COMPILE": "off"} | settings))


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of this test's own."""
    folder = tmp_path / "redis"
    folder.mkdir()
    with redis_server(folder) as server:
        yield server


class Crawl:
    """A backtest that goes on until it is let go."""

    def __init__(self, site: Site, **changes: object) -> None:
        gate = site.another()
        self._site = site
        self._gate = site.gates / f"crawl-{gate}"
        self.request = site.fresh(strategyName="Crawler", strategyParameters={"gate": gate}, **changes)
        self.key: str = site.submit("backtests", self.request)["runKey"]
        site.until("backtests", self.key, status="Running", phase="simulating")

    @property
    def pid(self) -> int:
        """The worker that runs it."""
        return int(self._gate.with_suffix(".pid").read_text())

    def let_go(self) -> None:
        """From now on it runs at full speed."""
        self._gate.touch()

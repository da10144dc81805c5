"""The strategies of the dashboard's tests: they wait, raise, choose, or do not load."""

from typing import Final

STRATEGIES: Final = {
    "gated.py": '''
import os
import time
from pathlib import Path

from server.strategies import Bar, Strategy, param


class Gated(Strategy):
    """Trades, and waits at two bars until the files of its gates are there."""

    version = "1.0.0"
    gate: int = param(0, min=0, max=100000)

    def init(self) -> None:
        self.gates = {bar: Path(os.environ["GATES"]) / f"{self.gate}-{bar}" for bar in (1000, 2000)}

    def on_bar(self, bar: Bar) -> None:
        gate = self.gates.get(bar.i)
        while gate is not None and not gate.exists():
            time.sleep(0.005)
        if bar.i % 50 == 0:
            time.sleep(0.001)  # slow bars make short blocks: the two gates never lie in one
            self.buy(1)
        elif bar.i % 50 == 25:
            self.close()
''',
    "boom.py": '''
from server.strategies import Bar, Strategy, param


class Boom(Strategy):
    """Raises at a bar, when it is told to."""

    version = "1.0.0"
    at: int = param(100, min=0, max=1000, step=50, description="Bar at which it raises.")
    fails: bool = param(True, description="Whether it raises at all.")

    def init(self) -> None:
        pass

    def on_bar(self, bar: Bar) -> None:
        if self.fails and bar.i == self.at:
            raise RuntimeError(f"boom at {bar.i}")
''',
    "picky.py": '''
import os
import time
from pathlib import Path

from server.strategies import Bar, Strategy, param


class Picky(Strategy):
    """Cannot bear a multiple of five; a hundred and more wait for their gate."""

    version = "1.0.0"
    number: int = param(1, min=1, max=1000, step=1)
    gate: int = param(0, min=0, max=100000)

    def init(self) -> None:
        if self.number % 5 == 0:
            raise ValueError("a multiple of five")
        path = Path(os.environ["GATES"]) / str(self.gate)
        while self.number > 100 and not path.exists():
            time.sleep(0.005)

    def on_bar(self, bar: Bar) -> None:
        if bar.i % (self.number + 10) == 0:
            if self.position == 0:
                self.buy(1)
            else:
                self.close()
''',
    "broken.py": "from server.strategies import Strategy\n\nclass Broken(Strategy:\n",
}

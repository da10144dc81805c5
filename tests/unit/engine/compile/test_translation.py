"""What bar code may say does in machine code what it does in Python."""

from pathlib import Path

import pytest

from server.engine.series import Series
from tests.forms import both_forms
from tests.trading import COIN, HOUR_MS, settings, walk
from tests.written import bars_of_code, written

BARS = walk(60, start=2_000, step=30)
SERIES = [Series(BARS, 0, 60, COIN, HOUR_MS)]
TREE = """
class Leaf(Indicator):
    def __init__(self):
        self.value = 0

    def update(self, x):
        self.value += x
        return self.value


class Branch(Indicator):
    def __init__(self, child):
        self.child = child
        self.ring = window(3)

    def update(self, x):
        self.ring[x % 3] += 0.5
        return self.child.update(x) + 1


class Probe(Strategy):
    def init(self):
        self.tree = Branch(Branch(Leaf()))
        self.leaf = Leaf()

    def on_bar(self, bar):
        if self.tree.update(bar.close) % 2 == 0 and self.leaf.update(bar.i) > 3:
            self.buy(1)
"""
CHOICE = """
class Probe(Strategy):
    kind: str = param("a", choices=["a", "b"])
    first = 3
    share = 0.25

    def on_bar(self, bar):
        if self.kind == "a" and bar.i > self.first:
            self.buy(1)
        elif self.kind != "a":
            self.sell(1)
        if "b" == self.kind or bar.i == 30:
            self.buy(share=self.share)
"""
OVERRIDES = """
class Base(Strategy):
    def buy(self, quantity):
        return 0

    @property
    def position(self):
        return 5.0

    def wanted(self, bar):
        return bar.close > 2000

    def on_bar(self, bar):
        if self.position == 5 and self.wanted(bar):
            self.buy(1)
        else:
            self.sell(1)


class Probe(Base):
    def wanted(self, bar):
        return bar.close < 2000 and self.equity > self.cash / 2
"""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TREE, id="indicators of one class within each other"),
        pytest.param(CHOICE, id="choices and constants of the class"),
        pytest.param(OVERRIDES, id="methods and properties that hide those of Strategy"),
        pytest.param(
            bars_of_code(
                "self.w[bar.i % 3] += bar.close",
                "self.x += self.w[0]",
                "self.n -= 1",
                "self.n *= 2",
                "self.n //= 3",
                "self.n %= 7",
                "self.n <<= 2",
                "self.n ^= 5",
                "self.n |= 8",
                "self.x /= 2",
                "self.n += bar.close > 2000",
                "self.f = bar.i > 3",
                "self.y = bar.i > 3",
                "self.n, self.y = self.y > 2, self.n",
                "a = b = bar.close; c = d = 0.5",
                "e, (f, g) = a, (c, b)",
                "if (self.n + self.f) % 2 == 0 and d + f < g + e:\n    self.buy(1)",
                init="self.w = window(3)\nself.x = 0.0\nself.n = 5\nself.f = 0\nself.y = 0.0",
            ),
            id="assignments",
        ),
        pytest.param(
            bars_of_code(
                "a = self.f(bar.close, k=2) + self.f(bar.close) + self.f(bar.close, 2.5, only=3)",
                "b = g(1) + g(1, 2) + g(b=5, a=1) + math.floor(self.rate)",
                "view = self.same(bar)",
                "if a > 4 and b > -100 and view.close > 2000 and not self.nothing(1):\n    self.buy(1)",
                "low, high = self.both(bar)",
                "if low < high: self.sell(1)",
                before="LIMIT = 3\n\ndef g(a, b=LIMIT):\n    return a - b",
                methods="""
                def f(self, a, k=3, *, only=1.5):
                    "A docstring."
                    return a * k + only

                @property
                def rate(self):
                    return self.equity / 3

                def same(self, view):
                    return view

                def both(self, view):
                    if view.i % 2:
                        return view.low, 1.5
                    return 7, view.high

                def nothing(self, x):
                    if x > 3:
                        return True
                    return False
                """,
            ),
            id="methods, properties and functions",
        ),
        pytest.param(
            bars_of_code(
                "k = 0",
                "while True:\n    k += 1\n    if k % 2:\n        continue\n    if k > 10:\n        break",
                "s = 0",
                "for j in range(10, -5, -3):\n    s += j\n    if s > 15:\n        break\n    j = 100",
                "for j in range(bar.close > 2000):\n    s += 1",
                "for j in range(2, 4):\n    for i in range(j):\n        s += i * j",
                "if k > 3 and s % 2:\n    self.buy(1)",
                "if 1 < bar.i < 10 <= bar.close != 3:\n    self.sell(1)\nelif bar.i == 9:\n    pass\nelse:\n    return",
                "self.cancel_all()",
            ),
            id="loops and branches",
        ),
        pytest.param(
            bars_of_code(
                "x = max(bar.i, bar.close, 2.5, True)",
                "y = min(True, bar.i) + True + -True + +True + ~bar.i + abs(bar.i > 2)",
                "z = True / 2 + round(2.5) + round(-3.5) + int(-2.7) + int(True) + float(True) + bool(0.0)",
                "u = (bar.close & 255 | 3) ^ bar.i >> 1",
                "b = (bar.i > 3) & (bar.close > 3) | False",
                "v = (bar.close - 2000.5) // 7.5 + (bar.close - 2000.5) % -7.5 + -7 // 2 + -7 % 3",
                "w = 1 if bar.i > 3 else 2.5",
                "nan = self.nan != self.nan and not self.nan == self.nan and bool(self.nan)",
                "q = bar.i and bar.close\nr = bar.i % 3 or bar.close\np = self.zero and 2.0",
                "if b and nan and x * w + y + z > v + u + q - r + p:\n    self.buy(1)\nelse:\n    self.sell(2)",
                "if sqrt(bar.close) + floor(2.5) + pi > 2 and bar.i < float('inf') and -inf < 3:\n    self.close()",
                init="self.nan = math.nan\nself.zero = 0.0",
                before="from math import floor, inf, pi, sqrt",
            ),
            id="expressions",
        ),
        pytest.param(
            bars_of_code(
                "ring: Window[float] = self.ring",
                "average = self.sma\nsame = average",
                "ring[bar.i % len(ring)] = bar.close",
                "größe: float = ring[0]",
                "self.größe += int(größe)",
                "for k in range(len(self.ints)):\n    self.ints[k] += k",
                "self.ints[bar.i > 3] = 1",
                "if same.update(bar.close) > ring[1] and self.größe % 2 and same.n == average.n:\n    self.buy(1)",
                "self.count += 1\nself.data = self.count\nself.dtype += 1.0\nself.T = self.dtype > 3",
                "if self.ints[3] > self.count * 2 or self.bands.upper < bar.high:\n    self.sell(1)",
                "self.bands.update(bar.close)\nlower, middle, upper = self.bands.bands()",
                "if lower < middle < upper:\n    self.buy(1, stop_loss=lower, take_profit=upper, group=0, limit=None)",
                init="""
                self.ring = window(4)
                self.ints = int_window(4)
                self.sma = Sma(3)
                self.bands = Bollinger(4)
                self.größe = 0
                self.count = 0
                self.data = 0
                self.dtype = 0.0
                self.T = False
                """,
            ),
            id="windows, indicators and local names for them",
        ),
    ],
)
def test_bar_code_does_the_same_in_both_forms(tmp_path: Path, text: str) -> None:
    result = both_forms(written(tmp_path, text), SERIES, {}, settings(cash=1e6, account="margin", leverage=3.0))
    assert len(result.orders) > 0


def test_both_values_of_a_choice_do_the_same_in_both_forms(tmp_path: Path) -> None:
    strategy = written(tmp_path, CHOICE)
    under = settings(cash=1e6, account="margin", leverage=3.0)
    orders = [both_forms(strategy, SERIES, {"kind": kind}, under).orders for kind in ("a", "b")]
    assert orders[0].tobytes() != orders[1].tobytes()


def test_functions_of_another_file_of_the_author_are_compiled_too(tmp_path: Path) -> None:
    text = bars_of_code(
        "if curves.steep(bar.close, 2) > curves.LIMIT and flat(bar.open) > 0:\n    self.buy(1)",
        before="""
        import types
        curves = types.ModuleType("curves")
        exec(compile("LIMIT = 100", "curves", "exec"), vars(curves))

        def steep(price, factor):
            return price * factor

        def flat(price):
            return price + 0

        curves.steep = steep
        """,
    )
    result = both_forms(written(tmp_path, text), SERIES, {}, settings(cash=1e6))
    assert len(result.fills) > 0

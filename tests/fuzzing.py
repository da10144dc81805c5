"""A strategy that does everything bar code can do, by chance, in a form that compiles."""

import math

from server.strategies import DAY, GTC, IOC, Bar, Ema, Fill, Open, Sma, Strategy, int_window, param, window

MODULUS = 2_147_483_647


def clamped(x: float, low: float, high: float) -> float:
    """A function of the module."""
    return low if x < low else high if x > high else x


class Fuzz(Strategy):
    """Orders of all kinds, sizes, brackets, groups and times; cancels and moves them, also from `on_fill`."""

    seed: int = param(1, min=1, max=1_000_000)
    eager: float = param(0.3, min=0.0, max=1.0)
    wild: bool = param(True)
    side: str = param("both", choices=["both", "long"])

    def init(self) -> None:
        self.state = self.seed * 7919 % MODULUS
        self.fast = Sma(3 + self.seed % 5)
        self.slow = Ema(7)
        self.recent = int_window(8)
        self.scores = window(4)
        self.last_order = 0
        self.best = -math.inf
        self.opens = 0
        self.filled = 0.0
        self.flag = False

    def draw(self, n: int) -> int:
        """A number below `n`."""
        self.state = (self.state * 48271) % MODULUS
        return self.state % n

    @property
    def mood(self) -> float:
        """A property that reads others."""
        return self.fast.value - self.slow.value

    def score(self, price: int) -> tuple[float, int]:
        """A loop over a window, and two results."""
        total = 0.0
        worst = price
        for k in range(len(self.recent)):
            total += self.recent[k]
            worst = min(worst, self.recent[k])
        return total / len(self.recent), worst

    def on_open(self, bar: Open) -> None:
        self.opens += 1
        if self.wild and self.draw(40) == 0:
            self.buy(float(self.draw(3)) / 2)

    def on_fill(self, fill: Fill) -> None:
        self.filled += abs(fill.quantity) * fill.price
        if self.wild and self.draw(5) == 0 and self.open_orders < 20:
            self.last_order = self.sell(0.5, stop=fill.price - self.draw(9), time_in_force=GTC)
        if fill.order == self.last_order and self.draw(3) == 0:
            self.cancel(self.last_order)

    def on_bar(self, bar: Bar) -> None:
        recent = self.recent
        recent[bar.i % len(recent)] = bar.close
        self.fast.update(bar.close)
        average = self.slow.update(bar.close)
        mean, worst = self.score(bar.close)
        self.scores[bar.i % 4] = clamped(self.mood, -50.0, 50.0)
        self.best = max(self.best, mean)
        self.flag = not self.flag and bar.close > average
        if self.draw(1000) >= self.eager * 1000:
            return
        spread = 1 + self.draw(12)
        kind = self.draw(14)
        if self.side == "long" and kind % 2 == 1:
            kind -= 1
        if kind == 0:
            self.buy(1 + self.draw(3))
        elif kind == 1:
            self.sell(1, stop_loss=bar.close + spread, take_profit=bar.close - spread)
        elif kind == 2:
            self.last_order = self.buy(share=0.25, limit=bar.close - spread, time_in_force=DAY)
        elif kind == 3:
            self.last_order = self.sell(0.001 * self.draw(3000), limit=bar.close + spread * 0.5)
        elif kind == 4:
            self.buy(2, stop=bar.close + spread, limit=bar.close + spread + 2, time_in_force=IOC)
            self.buy(1, stop=bar.close + spread, group=bar.i + 1)
            self.sell(1, stop=bar.close - spread, group=bar.i + 1)
        elif kind == 5:
            self.close()
        elif kind == 6:
            entry = self.buy(4, stop_loss=bar.close - spread * 2)
            self.add_target(entry, bar.close + spread, 0.5)
            self.add_target(entry, bar.close + spread * 2, 0.25)
            self.last_order = entry
        elif kind == 7:
            self.move_stop(self.last_order, worst - 1)
            self.move_target(self.last_order, math.floor(mean) + spread)
        elif kind == 8:
            self.buy(amount=200.0 + spread)
        elif kind == 9:
            self.sell(risk=0.02, stop_loss=bar.close + spread)
        elif kind == 10:
            self.cancel(self.last_order)
        elif kind == 11:
            self.cancel_all()
        elif kind == 12 and self.position != 0 and self.equity > 0.5 * self.cash:
            self.buy(float(round(abs(self.position))))
        else:
            self.buy(0.0 if self.flag else math.sqrt(abs(self.scores[0])))


class Endless(Strategy):
    """Never comes out of its fifth bar."""

    def on_bar(self, bar: Bar) -> None:
        if bar.i == 5:
            self.spin()

    def spin(self) -> None:
        """Goes round for ever."""
        k = 0
        while k >= 0:
            k = (k + 1) % 1000


class PairFuzz(Strategy):
    """Orders on the assets of a run by chance, from every bar and from fills, brackets and moves among them."""

    seed: int = param(1, min=1, max=1_000_000)
    assets: int = param(2, min=1, max=3)

    def init(self) -> None:
        self.state = self.seed * 104_729 % MODULUS
        self.entries = int_window(8)
        self.count = 0
        self.seen = 0

    def draw(self, n: int) -> int:
        """A number below `n`."""
        self.state = (self.state * 48271) % MODULUS
        return self.state % n

    def remember(self, order: int) -> None:
        """Keeps the last entries, to move their brackets."""
        self.entries[self.count % 8] = order
        self.count += 1

    def on_fill(self, fill: Fill) -> None:
        other = (fill.asset + 1) % self.assets
        kind = self.draw(8)
        if kind == 0 and self.open_orders < 20:
            self.buy(10.0, asset=other)
        elif kind == 1 and self.open_orders < 20:
            below = self.draw(20)
            self.sell(10.0, stop=fill.price - below, asset=fill.asset)
        elif kind == 2:
            entry = self.entries[self.draw(8)]
            below = self.draw(30)
            self.move_stop(entry, self.last_price(other) - below)
        elif kind == 3:
            entry = self.entries[self.draw(8)]
            above = self.draw(30)
            self.move_target(entry, fill.price + above)
        elif kind == 4:
            self.close(other)

    def on_bar(self, bar: Bar) -> None:
        self.seen = (self.seen * 31 + bar.close) % MODULUS
        if self.draw(3) > 0:
            return
        asset = self.draw(self.assets)
        price = self.last_price(asset)
        spread = 1 + (self.seen + self.draw(20)) % 40
        kind = self.draw(13)
        if kind == 0:
            more = self.draw(3)
            self.buy(10.0 + 10 * more, asset=asset)
        elif kind == 1:
            self.remember(self.sell(10.0, stop_loss=price + spread, take_profit=price - spread, asset=asset))
        elif kind == 2:
            self.remember(self.buy(share=0.3, limit=price - spread, stop_loss=price - 2 * spread, asset=asset))
        elif kind == 3:
            entry = self.buy(40.0, stop_loss=price - spread, asset=asset)
            self.add_target(entry, price + spread, 0.5)
            self.add_target(entry, price + 2 * spread, 0.6)
            self.remember(entry)
        elif kind == 4:
            self.close(asset)
        elif kind == 5:
            self.sell(amount=20_000.0 + spread, asset=asset, time_in_force=IOC, limit=price)
        elif kind == 6:
            self.buy(10.0, stop=price + spread, asset=asset, group=7)
            self.sell(10.0, stop=price - spread, asset=(asset + 1) % self.assets, group=7)
        elif kind == 7:
            moved = self.entries[self.draw(8)]
            self.move_stop(moved, price - spread)
        elif kind == 8:
            moved = self.entries[self.draw(8)]
            self.move_target(moved, price + spread)
        elif kind == 9:
            self.cancel_all(asset)
        elif kind == 10:
            self.remember(self.buy(risk=0.01, stop_loss=price - spread, asset=asset))
        elif kind == 11 and self.equity > self.cash * 0.5:
            self.buy(10.0, limit=price - spread, time_in_force=DAY, asset=asset)
        elif self.position_of(asset) != 0:
            self.cancel(self.entries[self.draw(8)])

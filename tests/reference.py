"""Trades of the shipped strategies reckoned in decimals, from their description alone: nothing of the engine is used.

Bars are rows of a price file, orders are decided at a close and fill at the next open, slippage against the trader, a
commission on the notional of every fill rounded to 1e-8 half up, whole lots only.
"""

import csv
from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

_CENT: Final = Decimal("1e-8")


class Row(NamedTuple):
    """One bar: its open in ms since the epoch, prices in quote currency."""

    ts_ms: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int = 0


class Costs(NamedTuple):
    """`commission_rate` of notional, `slippage` in quote currency, `lot` in units."""

    commission_rate: Decimal = Decimal(0)
    slippage: Decimal = Decimal(0)
    lot: Decimal = Decimal(1)


class Trade(NamedTuple):
    """A long position from entry to exit (None while open, its profit then marked at the last close)."""

    entry_ms: int
    exit_ms: int | None
    quantity: Decimal
    entry_price: Decimal
    exit_price: Decimal | None
    profit: Decimal


class Reckoning(NamedTuple):
    """What a run must come to; `equity` at every close."""

    trades: list[Trade]
    net_profit: Decimal
    equity: list[Decimal]


def read_rows(path: Path) -> list[Row]:
    """The bars of a CSV file with the columns timestamp (ISO), open, high, low, close, volume."""
    with path.open(newline="") as file:
        return [
            Row(
                ts_ms=round(datetime.fromisoformat(row["timestamp"]).timestamp() * 1000),
                open=Decimal(row["open"]),
                high=Decimal(row["high"]),
                low=Decimal(row["low"]),
                close=Decimal(row["close"]),
                volume=int(row["volume"]),
            )
            for row in csv.DictReader(file)
        ]


def buy_and_hold(rows: Sequence[Row], cash: Decimal, costs: Costs, fraction: Decimal = Decimal(1)) -> Reckoning:
    """Invests `fraction` of the cash at the second open, commission included, and keeps it."""
    wanted = [False] + [True] * (len(rows) - 1)
    price = rows[1].open + costs.slippage
    budget = (cash * fraction).quantize(_CENT, ROUND_FLOOR)
    quantity = (budget / price / costs.lot).to_integral_value(ROUND_FLOOR) * costs.lot
    while quantity > 0 and quantity * price + _fee(quantity * price, costs) > budget:
        quantity -= costs.lot
    return _long_while(wanted, rows, cash, costs, quantity)


def sma_crossover(
    rows: Sequence[Row], cash: Decimal, costs: Costs, fast: int = 10, slow: int = 30, quantity: Decimal = Decimal(1)
) -> Reckoning:
    """Holds `quantity` from the open after the fast average is above the slow one to the open after it is not."""
    sums = list(accumulate((row.close for row in rows), initial=Decimal(0)))
    wanted = [False]  # at the first open nothing is known
    for seen in range(1, len(rows)):
        if seen < max(fast, slow):
            wanted.append(False)
            continue
        fast_sum, slow_sum = sums[seen] - sums[seen - fast], sums[seen] - sums[seen - slow]
        wanted.append(fast_sum * slow > slow_sum * fast)  # the averages, without a division to round
    return _long_while(wanted, rows, cash, costs, quantity)


def _long_while(
    wanted: Sequence[bool], rows: Sequence[Row], cash: Decimal, costs: Costs, quantity: Decimal
) -> Reckoning:
    """Holds `quantity` from each open at which it is wanted to the first at which it is not."""
    trades: list[Trade] = []
    equity: list[Decimal] = []
    balance, held = cash, Decimal(0)
    entry_ms, entry_price, entry_fee = 0, Decimal(0), Decimal(0)
    for want, row in zip(wanted, rows, strict=True):
        if want and not held and quantity:
            entry_ms, entry_price = row.ts_ms, row.open + costs.slippage
            entry_fee = _fee(quantity * entry_price, costs)
            balance -= quantity * entry_price + entry_fee
            held = quantity
        elif held and not want:
            price = row.open - costs.slippage
            fee = _fee(held * price, costs)
            balance += held * price - fee
            profit = held * (price - entry_price) - entry_fee - fee
            trades.append(Trade(entry_ms, row.ts_ms, held, entry_price, price, profit))
            held = Decimal(0)
        equity.append(balance + held * row.close)
    if held:
        profit = held * (rows[-1].close - entry_price) - entry_fee
        trades.append(Trade(entry_ms, None, held, entry_price, None, profit))
    return Reckoning(trades, equity[-1] - cash, equity)


def _fee(notional: Decimal, costs: Costs) -> Decimal:
    return (notional * costs.commission_rate).quantize(_CENT, ROUND_HALF_UP)

"""The desk of an interpreted run: what a strategy asks for, handed to the kernel."""

import math
from collections.abc import Sequence
from operator import index as whole
from typing import Final

from server.engine.kernel import fills, placing, table
from server.engine.kernel.journal import Entry, note_signal, note_warning
from server.engine.kernel.records import (
    AMOUNT,
    EVERYTHING,
    LOTS,
    MAX_NOTES,
    MAX_ORDERS,
    NO_PRICE,
    RISK,
    SHARE,
    STOP_LOSS,
    TAKE_PROFIT,
    TOO_MANY_ORDERS,
    AccountRecord,
    AssetRecord,
    Book,
    OrderRecord,
    TermsRecord,
)
from server.strategies.desk import Size
from server.strategies.errors import TooManyOrders
from server.strategies.types import Fill

TOO_MANY: Final = f"more than {MAX_NOTES} orders were placed or ended within one bar, signals and warnings counted"
"""What a run is told whose bar has no room for one more note."""
_LARGEST: Final = 2**63 - 1


class InterpretedDesk:
    """Implements server.strategies.desk.Desk over a book of the kernel."""

    def __init__(self, terms: TermsRecord, assets: list[AssetRecord]) -> None:
        orders = [OrderRecord() for _ in range(MAX_ORDERS + 1)]
        self.book = Book(AccountRecord(cash=terms.cash), assets, orders, terms, [])
        self._numbers: dict[str, int] = {}

    def order(
        self,
        side: int,
        size: Size,
        *,
        limit: float | None,
        stop: float | None,
        stop_loss: float | None,
        take_profit: float | None,
        time_in_force: int,
        group: int,
        asset: int,
    ) -> int:
        """Places one order with its bracket; what cannot be is rejected with its reason."""
        sizing, amount = _size(size)
        placed = placing.order(
            self.book,
            _int64(asset),
            side,
            sizing,
            amount,
            _ticks(limit),
            _ticks(stop),
            _ticks(stop_loss),
            _ticks(take_profit),
            _int64(time_in_force),
            _int64(group),
        )
        self._check()
        return placed

    def close(self, asset: int) -> int:
        """Cancels what waits on the asset and orders the position to nothing."""
        self._asset(asset)
        placed = table.close_position(self.book, asset)
        self._check()
        return placed

    def cancel(self, order: int) -> bool:
        """Whether the order still waited."""
        cancelled = table.cancel_order(self.book, order)
        self._check()
        return cancelled

    def cancel_all(self, asset: int) -> None:
        """Cancels every waiting order on the asset but the brackets of what is held."""
        self._asset(asset)
        table.cancel_asset(self.book, asset, False)
        self._check()

    def add_target(self, order: int, price: float, share: float) -> int:
        """Adds a take profit to a waiting entry; its id, 0 when it cannot be."""
        placed = placing.add_target(self.book, order, _ticks(price), float(share))
        self._check()
        return placed

    def move_stop(self, order: int, price: float) -> bool:
        """Moves the stop loss of an entry; whether there was one and the price can be."""
        return self._move(order, STOP_LOSS, price)

    def move_target(self, order: int, price: float) -> bool:
        """Moves the take profits of an entry; whether there was one and the price can be."""
        return self._move(order, TAKE_PROFIT, price)

    def signal(self, name: str, direction: int, strength: float | None, asset: int) -> None:
        """Notes a signal."""
        self._asset(asset)
        number = self._number_of(name)
        note_signal(self.book, number, _int64(direction), math.nan if strength is None else float(strength), asset)
        self._check()

    def warn(self, message: str) -> None:
        """Notes a warning."""
        note_warning(self.book, self._number_of(message))
        self._check()

    @property
    def texts(self) -> Sequence[str]:
        """The texts of signals and warnings by their numbers in the journal."""
        return tuple(self._numbers)

    def position(self, asset: int) -> float:
        """Units held."""
        return self._asset(asset).units

    def last_price(self, asset: int) -> int:
        """The newest price in ticks, 0 before the first."""
        return self._asset(asset).last

    def equity(self) -> float:
        """Cash and positions at the newest prices, in quote currency."""
        return float(fills.equity_of(self.book)) / self.book.terms.scale

    def cash(self) -> float:
        """What is not invested, in quote currency."""
        return float(self.book.account.cash) / self.book.terms.scale

    def open_orders(self) -> int:
        """How many orders wait, brackets apart."""
        return placing.waiting_orders(self.book)

    def last_fill(self) -> Fill:
        """The newest fill as the strategy hears of it."""
        account = self.book.account
        asset = self.book.assets[account.last_asset]
        return Fill(
            order=account.last_order,
            asset=account.last_asset,
            quantity=float(account.last_lots) * asset.lot_numerator / asset.lot_denominator,
            price=account.last_price,
            commission=float(account.last_fee) / self.book.terms.scale,
            position=asset.units,
        )

    @property
    def journal(self) -> list[Entry]:
        """What happened to orders since it was last cleared."""
        entries: list[Entry] = self.book.journal
        return entries

    def _move(self, order: int, purpose: int, price: float) -> bool:
        moved = placing.move(self.book, order, purpose, _ticks(price))
        self._check()
        return moved

    def _asset(self, index: int) -> AssetRecord:
        count = len(self.book.assets)
        if not 0 <= index < count:
            raise IndexError(f"the run has {count} asset{'s' * (count != 1)}; there is no asset {index}")
        return self.book.assets[index]

    def _number_of(self, text: str) -> int:
        """The number by which the journal knows a text; 0 where nobody reads it."""
        if not isinstance(text, str):
            raise TypeError(f"a signal's name and a warning are text, not {type(text).__name__}")
        if self.book.account.noting != EVERYTHING:
            return 0
        return self._numbers.setdefault(text, len(self._numbers))

    def _check(self) -> None:
        """Raises in the strategy's own line what ends the run."""
        if self.book.account.failure:
            if self.book.account.failure == TOO_MANY_ORDERS:
                raise TooManyOrders(f"more than {MAX_ORDERS} orders wait at once; cancel some or place fewer")
            raise TooManyOrders(TOO_MANY)


def _size(size: Size) -> tuple[int, float]:
    """How the lots of an order are found, and the number for it."""
    given = [(kind, value) for kind, value in zip((LOTS, SHARE, AMOUNT, RISK), size, strict=True) if value is not None]
    if len(given) != 1:
        raise TypeError("an order takes exactly one of a quantity, share=, amount= and risk=")
    kind, value = given[0]
    return kind, float(value)


def _ticks(price: float | None) -> int:
    return NO_PRICE if price is None else placing.ticks(float(price))


def _int64(number: int) -> int:
    """A whole number as the kernel takes it; what is too large for it is out of every range."""
    return min(max(whole(number), -1), _LARGEST)

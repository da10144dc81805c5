"""The desk of an interpreted run: a strategy's wishes in units and quote currency, handed to the kernel in lots."""

import math
from operator import index
from typing import Final, NoReturn

from server.engine import kernel, reasons
from server.engine import orders as table
from server.engine.journal import Entry, Journal
from server.engine.money import RATE_SCALE, Terms
from server.engine.records import (
    LIMIT,
    LOTS,
    MARKET,
    MAX_LOTS,
    MAX_ORDERS,
    MAX_PRICE,
    NO_PRICE,
    SHARE,
    SIGNAL,
    STOP,
    STOP_LIMIT,
    WAITING,
    AccountRecord,
    AssetRecord,
    OrderRecord,
)
from server.strategies.desk import DAY, GTC, IOC
from server.strategies.errors import TooManyOrders
from server.strategies.types import Fill

_LOT_TOLERANCE: Final = 1e-6


class InterpretedDesk:
    """Implements server.strategies.desk.Desk over the kernel's records; one asset in this version."""

    def __init__(self, terms: Terms, money_per_unit: int) -> None:
        self.terms = terms
        self.account = AccountRecord(terms.cash)
        self.assets = [AssetRecord()]
        self.orders = [OrderRecord() for _ in range(MAX_ORDERS + 1)]
        self.journal: Journal = []
        self._scale = money_per_unit

    def order(
        self,
        side: int,
        quantity: float | None,
        *,
        share: float | None,
        limit: float | None,
        stop: float | None,
        stop_loss: float | None,
        take_profit: float | None,
        time_in_force: int,
        group: int,
        asset: int,
    ) -> int:
        """Places one order with its bracket; what cannot be is rejected with its reason."""
        if (quantity is None) == (share is None):
            raise TypeError("an order takes either a quantity or share=")
        if not 0 <= asset < len(self.assets):
            return self._refused(0, reasons.UNKNOWN_ASSET, 0)
        if share is None:
            lots, reason = self._lots(float(quantity or 0))
            sizing, amount = LOTS, 0
        else:
            lots, reason = 1, 0 if 0 < share <= 1 else reasons.BAD_SHARE
            sizing, amount = SHARE, 0 if reason else round(share * RATE_SCALE)
        if reason:
            return self._refused(side * lots, reason, asset)
        if limit is stop is stop_loss is take_profit is None and time_in_force == GTC and group == 0:
            return self._placed(
                asset, MARKET, side * lots, sizing, amount, NO_PRICE, NO_PRICE, GTC, 0, NO_PRICE, NO_PRICE
            )
        if time_in_force not in (GTC, DAY, IOC):
            return self._refused(side * lots, reasons.BAD_TIME_IN_FORCE, asset)
        if not 0 <= index(group) <= MAX_LOTS:
            return self._refused(side * lots, reasons.BAD_GROUP, asset)
        prices = [_ticks(price) for price in (limit, stop, stop_loss, take_profit)]
        for _, reason in prices:
            if reason:
                return self._refused(side * lots, reason, asset)
        (limit_ticks, _), (stop_ticks, _), (loss_ticks, _), (profit_ticks, _) = prices
        return self._placed(
            asset,
            _kind(limit, stop),
            side * lots,
            sizing,
            amount,
            limit_ticks,
            stop_ticks,
            time_in_force,
            index(group),
            loss_ticks,
            profit_ticks,
        )

    def close(self, asset: int) -> int:
        """Cancels what waits on the asset and orders the position to nothing."""
        placed = table.close_position(self.account, self._asset(asset), self.orders, self.journal, asset)
        return placed if placed != table.TABLE_FULL else _too_many()

    def cancel(self, order: int) -> bool:
        """Whether the order still waited."""
        return table.cancel_order(self.account, self.orders, self.journal, order)

    def cancel_all(self, asset: int) -> None:
        """Cancels every waiting order on the asset but the brackets of what is held."""
        self._asset(asset)
        table.cancel_asset(self.account, self.orders, self.journal, asset, 0)

    def position(self, asset: int) -> float:
        """Units held."""
        return self.units(self._asset(asset).position)

    def equity(self) -> float:
        """Cash and position at the newest price, in quote currency."""
        return kernel.equity_at(self.account, self.assets[0], self.terms, self.assets[0].last) / self._scale

    def cash(self) -> float:
        """What is not invested, in quote currency."""
        return self.account.cash / self._scale

    def open_orders(self) -> int:
        """How many orders wait, brackets apart."""
        waiting = self.orders[: self.account.order_count]
        return sum(order.status == WAITING and order.purpose == SIGNAL for order in waiting)

    def units(self, lots: int) -> float:
        """Lots as units, correctly rounded."""
        return lots * self.terms.lot_numerator / self.terms.lot_denominator

    def told(self, entry: Entry) -> Fill:
        """A fill of the journal as the strategy hears of it."""
        return Fill(
            order=entry.order,
            asset=entry.asset,
            quantity=self.units(entry.lots),
            price=entry.price,
            commission=entry.commission / self._scale,
            position=self.units(entry.position),
        )

    def _asset(self, index: int) -> AssetRecord:
        if not 0 <= index < len(self.assets):
            raise IndexError(f"the run has 1 asset; there is no asset {index}")
        return self.assets[index]

    def _lots(self, quantity: float) -> tuple[int, int]:
        """Whole lots and why not: a quantity a millionth of a lot off counts as whole (0.1 + 0.2)."""
        if math.isnan(quantity):
            return 0, reasons.NOT_A_NUMBER
        exact = quantity * self.terms.lot_denominator / self.terms.lot_numerator
        if not -MAX_LOTS < exact < MAX_LOTS:
            return 0, reasons.TOO_LARGE
        lots = math.floor(exact + 0.5)
        if quantity == 0:
            return 0, reasons.ZERO
        if quantity < 0:
            return lots, reasons.NEGATIVE
        if abs(exact - lots) > _LOT_TOLERANCE + exact * 1e-12 or lots == 0:
            return lots, reasons.NOT_WHOLE_LOTS
        return lots, 0

    def _refused(self, lots: int, reason: int, asset: int) -> int:
        return table.refuse(self.account, self.journal, asset, lots, reason)

    def _placed(
        self,
        asset: int,
        kind: int,
        lots: int,
        sizing: int,
        amount: int,
        limit: int,
        stop: int,
        time_in_force: int,
        group: int,
        stop_loss: int,
        take_profit: int,
    ) -> int:
        placed = table.place(
            self.account,
            self.assets[asset],
            self.orders,
            self.journal,
            asset,
            kind,
            lots,
            sizing,
            amount,
            limit,
            stop,
            time_in_force,
            group,
            SIGNAL,
            stop_loss,
            take_profit,
        )
        return placed if placed != table.TABLE_FULL else _too_many()


def _ticks(price: float | None) -> tuple[int, int]:
    """Whole ticks, half away from zero, and why not; NO_PRICE for none."""
    if price is None:
        return NO_PRICE, 0
    exact = float(price)
    if math.isnan(exact):
        return NO_PRICE, reasons.PRICE_NOT_A_NUMBER
    if not -MAX_PRICE < exact < MAX_PRICE:
        return NO_PRICE, reasons.PRICE_TOO_LARGE
    whole = math.floor(abs(exact))
    whole += abs(exact) - whole >= 0.5
    return (whole if exact > 0 else -whole), 0


def _kind(limit: float | None, stop: float | None) -> int:
    if limit is None:
        return MARKET if stop is None else STOP
    return LIMIT if stop is None else STOP_LIMIT


def _too_many() -> NoReturn:
    raise TooManyOrders(f"more than {MAX_ORDERS} orders wait at once; cancel some or place fewer")

"""The desk of an interpreted run: a strategy's wishes in units and quote currency, handed to the kernel in lots."""

import math
from typing import Final, NoReturn

from server.engine import kernel
from server.engine.journal import Entry, Journal
from server.engine.money import RATE_SCALE, Terms
from server.engine.records import (
    FREE,
    LOTS,
    MARKET,
    MAX_LOTS,
    MAX_ORDERS,
    NO_PRICE,
    SHARE,
    SIGNAL,
    AccountRecord,
    AssetRecord,
    OrderRecord,
)
from server.strategies.desk import GTC
from server.strategies.errors import NotBuiltYet, TooManyOrders
from server.strategies.types import Fill

_LOT_TOLERANCE: Final = 1e-6


class InterpretedDesk:
    """Implements server.strategies.desk.Desk over the kernel's records; one asset in this version."""

    def __init__(self, terms: Terms, money_per_unit: int) -> None:
        self.terms = terms
        self.account = AccountRecord(terms.cash)
        self.assets = [AssetRecord()]
        self.orders = [OrderRecord() for _ in range(MAX_ORDERS)]
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
        """Places a market order; everything else is refused by name until it is built."""
        _only_built(limit, stop, stop_loss, take_profit, time_in_force, group)
        if (quantity is None) == (share is None):
            raise TypeError("an order takes either a quantity or share=")
        if not 0 <= asset < len(self.assets):
            return self._refused(0, kernel.UNKNOWN_ASSET, 0)
        if share is not None:
            if not 0 < share <= 1:
                return self._refused(side, kernel.BAD_SHARE, asset)
            return self._placed(asset, side, SHARE, round(share * RATE_SCALE))
        lots, reason = self._lots(float(quantity or 0))
        if reason:
            return self._refused(side * lots, reason, asset)
        return self._placed(asset, side * lots, LOTS, 0)

    def close(self, asset: int) -> int:
        """Cancels what waits on the asset and orders the position to nothing."""
        placed = kernel.close_position(self.account, self._asset(asset), self.orders, self.journal, asset)
        return placed if placed != kernel.TABLE_FULL else _too_many()

    def cancel(self, order: int) -> bool:
        """Whether the order still waited."""
        return kernel.cancel_order(self.account, self.orders, self.journal, order)

    def cancel_all(self, asset: int) -> None:
        """Cancels every waiting order on the asset."""
        self._asset(asset)
        kernel.cancel_asset(self.account, self.orders, self.journal, asset)

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
        """How many orders wait."""
        return sum(order.status != FREE for order in self.orders[: self.account.order_count])

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
            return 0, kernel.NOT_A_NUMBER
        exact = quantity * self.terms.lot_denominator / self.terms.lot_numerator
        if not -MAX_LOTS < exact < MAX_LOTS:
            return 0, kernel.TOO_LARGE
        lots = math.floor(exact + 0.5)
        if quantity == 0:
            return 0, kernel.ZERO
        if quantity < 0:
            return lots, kernel.NEGATIVE
        if abs(exact - lots) > _LOT_TOLERANCE + exact * 1e-12 or lots == 0:
            return lots, kernel.NOT_WHOLE_LOTS
        return lots, 0

    def _refused(self, lots: int, reason: int, asset: int) -> int:
        return kernel.refuse(self.account, self.journal, asset, lots, reason)

    def _placed(self, asset: int, lots: int, sizing: int, amount: int) -> int:
        placed = kernel.place(
            self.account,
            self.orders,
            self.journal,
            asset,
            MARKET,
            lots,
            sizing,
            amount,
            NO_PRICE,
            NO_PRICE,
            GTC,
            0,
            SIGNAL,
        )
        return placed if placed != kernel.TABLE_FULL else _too_many()


def _only_built(
    limit: float | None,
    stop: float | None,
    stop_loss: float | None,
    take_profit: float | None,
    time_in_force: int,
    group: int,
) -> None:
    if limit is stop is stop_loss is take_profit is None and time_in_force == GTC and group == 0:
        return
    asked = {
        "limit orders (limit=)": limit is not None,
        "stop orders (stop=)": stop is not None,
        "protective stops (stop_loss=)": stop_loss is not None,
        "take profits (take_profit=)": take_profit is not None,
        "time in force other than GTC (time_in_force=)": time_in_force != GTC,
        "order groups (group=)": group != 0,
    }
    missing = [feature for feature, wanted in asked.items() if wanted]
    if missing:
        raise NotBuiltYet(f"this version has market orders only; it lacks {', '.join(missing)}")


def _too_many() -> NoReturn:
    raise TooManyOrders(f"more than {MAX_ORDERS} orders wait at once; cancel some or place fewer")

"""Turns what a run played into the content of events."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from server.engine.events import Happening
from server.engine.groups import Groups
from server.engine.journal import float_of
from server.engine.kernel import journal
from server.engine.kernel.journal import Entry
from server.engine.kernel.reasons import MARGIN, REASONS
from server.engine.kernel.records import KIND_NAMES, LIQUIDATION, LOTS, NO_PRICE
from server.engine.market import Market
from server.engine.scenes import Scene
from server.engine.series import DIVIDEND
from server.strategies.plots import Plot
from server.strategies.types import Bar


class Narrator:
    """Tells bars and journal of one run; prices and money in quote currency, each asset's by its own name and scales.

    `time_frames`: the names of those of the series.
    """

    def __init__(self, market: Market, time_frames: Sequence[str], plots: Sequence[Plot]) -> None:
        self._names = [instrument.asset_name for instrument in market.instruments]
        self._scales = market.scales()
        self._tick_lots = [record.tick_lot for record in market.records()]
        self._time_frames = tuple(time_frames)
        self._plots = tuple(plots)
        self._groups = Groups()

    @property
    def main_asset(self) -> str:
        """The name of the main series' asset."""
        return self._names[0]

    def tell(
        self,
        scenes: Iterable[Scene],
        entries: Sequence[Entry],
        plotted: Iterable[Sequence[float]],
        texts: Sequence[str],
    ) -> Iterator[Happening]:
        """A block's events in order: an instant's orders, fills and signals, then its bars, then what is plotted.

        `ts` is the open of the bar in which something happened; `plotted` has a row for each bar of the main series,
        where there are plots; `texts` are what entries know by numbers.
        """
        rows = iter(plotted)
        at = 0
        for scene in scenes:
            while at < len(entries) and entries[at].bar < scene.stop:
                entry = entries[at]
                ts = scene.bars[entry.bar - scene.row].time
                yield from self._entry(ts, entry, texts)
                yield from self._changes(ts, entry)
                at += 1
            for bar in scene.bars:
                yield bar.time, "bar", "data", self._bar(bar)
            if self._plots and scene.bars[0].feed == 0:
                yield from self._indicators(scene.bars[0].time, next(rows))

    def _bar(self, bar: Bar) -> dict[str, Any]:
        scales = self._scales[bar.asset]
        return {
            "assetName": self._names[bar.asset],
            "timeFrame": self._time_frames[bar.feed],
            "open": scales.price(bar.open),
            "high": scales.price(bar.high),
            "low": scales.price(bar.low),
            "close": scales.price(bar.close),
            "volume": scales.units(bar.volume),
        }

    def _entry(self, ts: int, entry: Entry, texts: Sequence[str]) -> Iterator[Happening]:
        match entry.code:
            case journal.PAID:
                yield ts, "cash", "engine", self._cash(entry)
            case journal.SIGNALLED:
                yield ts, "sig", "strategy", self._signal(entry, texts[entry.order])
            case journal.WARNED:
                yield ts, "warn", "strategy", {"message": texts[entry.order]}
            case journal.MOVED:
                pass  # a change of its bracket
            case _:
                yield from self._order(ts, entry)

    def _order(self, ts: int, entry: Entry) -> Iterator[Happening]:
        scales = self._scales[entry.asset]
        content: dict[str, Any] = {
            "assetName": self._names[entry.asset],
            "orderId": entry.order,
            "side": "buy" if entry.lots > 0 else "sell",
        }
        if entry.sizing == LOTS or entry.code == journal.FILLED:
            content["quantity"] = scales.units(abs(entry.lots))
        match entry.code:
            case journal.FILLED:
                content |= {
                    "price": scales.price(entry.price),
                    "commission": entry.commission / scales.money_per_unit,
                }
                if entry.purpose == LIQUIDATION:
                    yield ts, "risk", "engine", {**content, "reason": "liquidation"}
                yield ts, "ord.fill", "engine", content
                yield ts, "pos", "engine", self._position(entry)
            case journal.REJECTED:
                content["reason"] = REASONS[entry.reason]
                yield ts, "ord.reject", "engine", content
                if entry.reason == MARGIN:
                    yield ts, "risk", "engine", content
            case journal.CANCELLED:
                yield ts, "ord.cancel", "engine", content
            case journal.EXPIRED:
                yield ts, "ord.cancel", "engine", {**content, "reason": "expired"}
            case _:
                yield ts, "ord.place", "engine", {**content, "type": KIND_NAMES[entry.kind], **self._prices(entry)}

    def _changes(self, ts: int, entry: Entry) -> Iterator[Happening]:
        for group, transition in self._groups.follow(entry):
            content = {
                "assetName": self._names[entry.asset],
                "orderId": entry.order,
                "groupId": group,
                "transition": transition,
                **(self._prices(entry) if entry.code == journal.MOVED else {}),
            }
            yield ts, "grp", "engine", content

    def _prices(self, entry: Entry) -> dict[str, Any]:
        scales = self._scales[entry.asset]
        prices = {"limitPrice": entry.limit, "stopPrice": entry.stop}
        return {name: scales.price(ticks) for name, ticks in prices.items() if ticks != NO_PRICE}

    def _cash(self, entry: Entry) -> dict[str, Any]:
        scales = self._scales[entry.asset]
        return {
            "assetName": self._names[entry.asset],
            "type": "dividends" if entry.kind == DIVIDEND else "funding",
            "quantity": scales.units(entry.position),
            "price": scales.price(entry.price),
            "amount": entry.profit / scales.money_per_unit,
        }

    def _signal(self, entry: Entry, name: str) -> dict[str, Any]:
        content: dict[str, Any] = {
            "assetName": self._names[entry.asset],
            "signalName": name,
            "direction": "long" if entry.lots > 0 else "short" if entry.lots < 0 else "flat",
        }
        strength = float_of(entry.price)
        return {**content, "strength": strength} if math.isfinite(strength) else content

    def _indicators(self, ts: int, row: Sequence[float]) -> Iterator[Happening]:
        """An event for each indicator that has numbers."""
        told: dict[str, dict[str, float]] = {}
        for plot, value in zip(self._plots, row, strict=True):
            if math.isfinite(value):
                told.setdefault(plot.indicator, {})[plot.line] = value
        for name, values in told.items():
            yield ts, "ind", "strategy", {"assetName": self.main_asset, "indicatorName": name, "values": values}

    def _position(self, entry: Entry) -> dict[str, Any]:
        scales = self._scales[entry.asset]
        content: dict[str, Any] = {
            "assetName": self._names[entry.asset],
            "quantity": scales.units(entry.position),
        }
        if entry.closed:
            content["realizedPnl"] = entry.profit / scales.money_per_unit
        if entry.position:
            ticks = entry.cost / (abs(entry.position) * self._tick_lots[entry.asset])
            content["averageEntryPrice"] = scales.price(ticks)
        return content

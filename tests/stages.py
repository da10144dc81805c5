"""Series of every arrangement, for properties of runs over several assets and time frames."""

from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np
from hypothesis import strategies as st

from server.contract.requests import Account, Commission
from server.data.instrument import Instrument
from server.engine.series import DIVIDEND, FLOW_DTYPE, FUNDING, NO_FLOWS, Series
from server.engine.settings import EngineSettings
from tests.trading import COIN, MONDAY_MS, Bars

MINUTE_MS: Final = 60_000
STOCK: Final = Instrument(
    asset_name="STOCK", exchange="Test", tick_size=Decimal("0.5"), lot_size=Decimal(10), quote="USD"
)
FINE: Final = Instrument(
    asset_name="FINE", exchange="Test", tick_size=Decimal("0.00001"), lot_size=Decimal("0.00001"), quote="USD"
)
"""A tick of a lot is worth 1e-10: finer than the money of the others."""


class Plan(NamedTuple):
    """One series: its asset, the minutes of a bar, how many minutes after midnight the first one opens."""

    instrument: Instrument
    minutes: int
    late: int = 0


ALONE: Final = (Plan(COIN, 60),)
SAME: Final = (Plan(COIN, 60), Plan(STOCK, 60))
ARRANGEMENTS: Final = (
    SAME,
    (Plan(COIN, 60), Plan(STOCK, 15)),
    (Plan(COIN, 15), Plan(STOCK, 60)),
    (Plan(COIN, 60), Plan(STOCK, 60, 30)),
    (Plan(COIN, 60), Plan(COIN, 15)),
    (Plan(COIN, 60), Plan(COIN, 15), Plan(STOCK, 30)),
    (Plan(STOCK, 30), Plan(COIN, 60), Plan(FINE, 45, 10)),
)


def assets_of(plans: tuple[Plan, ...]) -> int:
    """How many assets a run over these series has."""
    return len({plan.instrument.asset_name for plan in plans})


def candles(count: int, random: np.random.Generator) -> Bars:
    """Open, high, low, close and volume of a walk around 2,000 ticks; (5, count) int64."""
    close = np.maximum(2_000 + np.cumsum(random.integers(-25, 26, count)), 500)
    opened = np.concatenate(([2_000], close[:-1])) + random.integers(-6, 7, count)
    high = np.maximum(opened, close) + random.integers(0, 20, count)
    low = np.minimum(opened, close) - random.integers(0, 20, count)
    return np.array([opened, high, low, close, random.integers(0, 9, count)], dtype=np.int64)


def stage(plans: tuple[Plan, ...], hours: int, seed: int, *, gaps: bool, flows: bool) -> list[Series]:
    """Series over so many hours; with `gaps` some of their bars are missing, with `flows` assets pay and are paid."""
    made = []
    due: dict[str, np.ndarray[tuple[int], np.dtype[np.void]]] = {}
    for number, plan in enumerate(plans):
        random = np.random.default_rng((seed, number))
        count = max(hours * 60 // plan.minutes, 2)
        times = MONDAY_MS + MINUTE_MS * (plan.late + plan.minutes * np.arange(count, dtype=np.int64))
        bars = np.vstack((times, candles(count, random)))
        if gaps:
            bars = bars[:, (random.random(count) > 0.15) | (np.arange(count) == 0)]
        name = plan.instrument.asset_name
        if flows and name not in due:
            due[name] = _flows(hours, random)
        bars = np.ascontiguousarray(bars)
        interval = plan.minutes * MINUTE_MS
        made.append(Series(bars, 0, bars.shape[1], plan.instrument, interval, due.get(name, NO_FLOWS)))
    return made


def _flows(hours: int, random: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    count = max(hours // 8, 1)
    times = np.sort(random.integers(0, hours * 4 + 1, count)) * 15 * MINUTE_MS + MONDAY_MS
    told = np.zeros(count, FLOW_DTYPE)
    told["ts"] = times
    told["kind"] = random.choice([FUNDING, DIVIDEND], count)
    told["amount"] = np.where(told["kind"] == FUNDING, random.integers(-900_000, 900_000, count), 12_345_678)
    return told


def changed_after(series: list[Series], instant_ms: int, seed: int) -> list[Series]:
    """The same series with other prices in every bar that is not complete at `instant_ms`."""
    made = []
    for number, one in enumerate(series):
        bars = np.array(one.bars)
        late = bars[0] + one.interval_ms > instant_ms
        bars[1:, late] = candles(int(late.sum()), np.random.default_rng((seed, number, 1)))[:, :] + 37
        made.append(one._replace(bars=np.ascontiguousarray(bars)))
    return made


SETTINGS: Final = st.builds(
    EngineSettings,
    initial_cash=st.sampled_from([6_000.0, 30_000.0, 1e6]),
    commission=st.sampled_from(
        [
            Commission(model="rate", value=0.0),
            Commission(model="rate", value=0.001, minimum=0.01),
            Commission(model="perOrder", value=0.35),
            Commission(model="perUnit", value=0.005),
        ]
    ),
    account=st.sampled_from(
        [
            Account(type="cash"),
            Account(type="margin", leverage=3.0),
            Account(type="margin", leverage=20.0, maintenance_rate=0.03),
        ]
    ),
    slippage_ticks=st.integers(0, 3),
    close_at_end=st.booleans(),
)

"""The strategies in the texts run, compiled and interpreted alike."""

from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from server.contract.requests import Account, Commission
from server.data.instrument import Instrument
from server.engine.compile.check import why_not_compilable
from server.engine.series import Series
from server.engine.settings import EngineSettings
from server.strategies import Strategy
from tests.documents.strategies import code_in, loaded
from tests.documents.texts import TEXTS
from tests.forms import both_forms
from tests.trading import COIN, HOUR_MS, Bars, walk

OTHER: Final = Instrument(
    asset_name="OTHER", exchange="Test", tick_size=Decimal("0.01"), lot_size=Decimal("0.001"), quote="USD"
)
UNDER: Final = EngineSettings(
    initial_cash=1e6,
    commission=Commission(model="rate", value=0.0001),
    account=Account(type="margin", leverage=5.0, maintenance_rate=0.01),
    slippage_ticks=1,
)
BLOCKS: Final = [pytest.param(code, id=f"{name}-{at}") for name in TEXTS for at, code in enumerate(code_in(name))]


def strategies_of(module: ModuleType) -> list[type[Strategy]]:
    return [
        item
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, Strategy) and item.__module__ == "example"
    ]


def series_for(strategy: type[Strategy]) -> list[Series]:
    """Hourly bars of one asset; of two for what trades a spread, with bars of four hours for what is filtered."""
    count = 2_000
    main = walk(count)
    series = [Series(main, 0, count, COIN, HOUR_MS)]
    if strategy.__name__ == "Spread":
        series.append(Series(walk(count, seed=8), 0, count, OTHER, HOUR_MS))
    if strategy.__name__ == "Filtered":
        long = four_hours(main)
        series.append(Series(long, 0, long.shape[1], COIN, 4 * HOUR_MS))
    return series


def four_hours(bars: Bars) -> Bars:
    """Four bars in one; a week of the walk has a whole number of them."""
    first, last = bars[:, ::4], bars[:, 3::4]
    highs, lows = bars[2].reshape(-1, 4).max(axis=1), bars[3].reshape(-1, 4).min(axis=1)
    volumes = bars[5].reshape(-1, 4).sum(axis=1)
    made = first.copy()
    made[2], made[3], made[4], made[5] = highs, lows, last[4], volumes
    return made


@pytest.mark.parametrize("code", BLOCKS)
def test_code_in_a_text_compiles_trades_and_does_the_same_in_both_forms(code: str, tmp_path: Path) -> None:
    strategies = strategies_of(loaded(code, tmp_path))
    assert strategies
    for strategy in strategies:
        assert why_not_compilable(strategy) is None
        fills = both_forms(strategy, series_for(strategy), {}, UNDER).metrics.total_fills
        assert fills > 0 or strategy.__name__ == "Fragment"  # lines that only cancel

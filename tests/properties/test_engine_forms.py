"""The interpreted and the compiled form of a run give the same answer, to the last bit."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.contract.requests import Account, Commission
from server.engine.series import Series
from server.engine.settings import EngineSettings
from tests.forms import both_forms
from tests.fuzzing import Fuzz
from tests.trading import COIN, HOUR_MS, Bars, walk

SETTINGS = st.builds(
    EngineSettings,
    initial_cash=st.sampled_from([500.0, 10_000.0, 1e6]),
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
    risk_free_rate=st.sampled_from([0.0, 0.03]),
)
WALKS = st.builds(walk, st.integers(2, 400), seed=st.integers(0, 1000), start=st.just(2_000), step=st.integers(9, 40))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 1_000_000), st.sampled_from([0.05, 0.5, 1.0]), st.booleans(), WALKS, SETTINGS)
def test_a_strategy_that_does_everything_by_chance_does_the_same_in_both_forms(
    seed: int, eager: float, wild: bool, bars: Bars, under: EngineSettings
) -> None:
    both_forms(
        Fuzz, [Series(bars, 0, bars.shape[1], COIN, HOUR_MS)], {"seed": seed, "eager": eager, "wild": wild}, under
    )

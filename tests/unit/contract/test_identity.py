"""RunKeys and trialKeys: golden values, so that no stored run loses its name by accident."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.contract.identity import RUN_KEY_PATTERN, canonical_bytes, run_key, trial_key

START_MS = 1_704_067_200_000  # 2024-01-01T00:00:00Z
END_MS = 1_735_689_599_000  # 2024-12-31T23:59:59Z
SHARED: dict[str, Any] = {
    "engine": "1.0.0",
    "source": "made-up-source-hash",
    "data": [{"asset": "BTCUSDT", "exchange": "Binance", "timeFrame": "1h", "content": "made-up-content-hash"}],
    "cash": 10_000,
    "commission": {"model": "rate", "value": 0.001, "minimum": 0.0},
    "slippageTicks": 0,
    "account": {"type": "cash"},
    "closeAtEnd": False,
    "riskFreeRate": 0.0,
}
PARAMETERS = {"fastPeriod": 10, "slowPeriod": 30}


def test_the_run_key_of_a_backtest_is_golden() -> None:
    key = run_key("backtest", "SmaCrossover", "1.0.0", START_MS, END_MS, {**SHARED, "parameters": PARAMETERS})
    assert key == "SmaCrossover_1.0.0_20240101-20241231_f378fd9e170f058e1f17d3c3"


def test_the_trial_key_is_golden() -> None:
    key = trial_key("SmaCrossover", "1.0.0", START_MS, END_MS, SHARED, PARAMETERS)
    assert key == "1d68f499f750572181ed2474"


@pytest.mark.parametrize("cash", [10_000, 10_000.0])
def test_one_number_has_one_spelling(cash: float) -> None:
    assert canonical_bytes({"cash": cash}) == b'{"cash":10000}'


def test_the_order_of_keys_says_nothing() -> None:
    assert canonical_bytes({"b": 1, "a": [2.5, True]}) == canonical_bytes({"a": [2.5, True], "b": 1})


def test_true_and_one_are_two_things() -> None:
    assert canonical_bytes({"a": True}) != canonical_bytes({"a": 1})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_names_nothing(value: float) -> None:
    with pytest.raises(ValueError, match="identity"):
        canonical_bytes(value)


@pytest.mark.parametrize(
    ("path", "value"),
    [("cash", 10_001), ("source", "another"), ("slippageTicks", 1), ("closeAtEnd", True), ("engine", "1.0.1")],
)
def test_whatever_decides_the_result_changes_the_key(path: str, value: Any) -> None:
    before = run_key("backtest", "S", "1", START_MS, END_MS, SHARED)
    after = run_key("backtest", "S", "1", START_MS, END_MS, {**SHARED, path: value})
    assert before != after


def test_a_millisecond_of_the_period_changes_the_key_though_the_day_stays() -> None:
    one = run_key("backtest", "S", "1", START_MS, END_MS, SHARED)
    other = run_key("backtest", "S", "1", START_MS + 1, END_MS, SHARED)
    assert one != other
    assert one[:20] == other[:20]


def test_kinds_never_share_a_run_key() -> None:
    assert run_key("backtest", "S", "1", START_MS, END_MS, SHARED) != run_key(
        "optimization", "S", "1", START_MS, END_MS, SHARED
    )


@given(
    st.from_regex(r"[A-Za-z0-9]{1,60}", fullmatch=True),
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9.-]{0,22}", fullmatch=True),
    st.dictionaries(st.text(), st.integers() | st.text() | st.booleans()),
)
def test_every_run_key_fits_the_pattern(name: str, version: str, identity: dict[str, Any]) -> None:
    assert RUN_KEY_PATTERN.match(run_key("backtest", name, version, START_MS, END_MS, identity))

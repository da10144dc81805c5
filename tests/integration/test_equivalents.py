"""Sets of parameters that a strategy says are one are computed once."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.integration.site import Site

BANDS: Final = '''
from server.strategies import Bar, Sma, Strategy, param


class Bands(Strategy):
    """Trades two averages, whichever is the longer one."""

    version = "1.0.0"
    one: int = param(5, min=1, max=100000)
    other: int = param(20, min=1, max=100000)

    def normalize(self) -> None:
        self.one, self.other = sorted((self.one, self.other))

    def init(self) -> None:
        self.fast, self.slow = Sma(self.one), Sma(self.other)

    def on_bar(self, bar: Bar) -> None:
        self.fast.update(bar.close)
        self.slow.update(bar.close)
        if not self.slow.ready:
            return
        if self.fast.total * self.other > self.slow.total * self.one:
            if self.position == 0:
                self.buy(1)
        elif self.position > 0:
            self.close()
'''
AXES: Final = {"one": {"min": 2, "max": 9}, "other": {"min": 2, "max": 9}}
SERIES: Final = {"assetName": "ACME", "exchange": "TEST", "timeFrame": "1h"}


@pytest.fixture(scope="module")
def bands(site: Site) -> Iterator[Site]:
    """A server with such a strategy."""
    path = site.gates.parent / "strategies" / "bands.py"
    path.write_text(BANDS)
    yield site
    path.unlink()


def request(site: Site, **changes: Any) -> dict[str, Any]:
    return site.fresh(strategyName="Bands", **({"axes": AXES} | changes))


def trials_of(site: Site, key: str) -> list[dict[str, Any]]:
    return site.pages(f"/api/optimizations/{key}/trials", limit=100, sort="index")


@pytest.mark.parametrize("compiled", ["auto", "off"])
def test_equivalent_trials_are_computed_once_and_all_are_told(bands: Site, compiled: str) -> None:
    settings = request(bands, compile=compiled)
    done = bands.run("optimizations", settings)
    assert (done["totalCombinations"], done["completedCombinations"], done["reused"]) == (64, 64, 28)
    trials = trials_of(bands, done["runKey"])
    assert [trial["index"] for trial in trials] == list(range(64))
    sets = [(trial["parameters"]["one"], trial["parameters"]["other"]) for trial in trials]
    assert sorted(sets) == [(one, other) for one in range(2, 10) for other in range(2, 10)]
    by_set = dict(zip(sets, trials, strict=True))
    for (one, other), trial in by_set.items():
        twin = by_set[other, one]
        assert (trial["trialKey"], trial["metrics"]) == (twin["trialKey"], twin["metrics"])
        assert trial["reused"] + twin["reused"] == (one != other)
    shared = {name: value for name, value in settings.items() if name != "axes"}
    for one, other in ((2, 9), (9, 2), (4, 4)):
        alone = bands.run("backtests", shared | {"strategyParameters": {"one": one, "other": other}})
        assert alone["result"]["metrics"] == by_set[one, other]["metrics"]
    rows = done["result"]["data"][0]["rows"]
    assert done["result"]["totalBars"] == 36 * rows


def test_conditions_and_data_sets_go_with_it(bands: Site) -> None:
    series = [SERIES, SERIES | {"timeFrame": "4h"}]
    given = request(
        bands, axes={**AXES, "dataSubscription": {"values": series}}, conditions=["one != other", "one < 5"]
    )
    given = {name: value for name, value in given.items() if name not in SERIES}
    cost = bands.http.post("/api/optimizations/evaluate", json=given).json()
    assert (cost["totalCombinations"], cost["uniqueCombinations"], cost["exact"]) == (128, 36, True)
    done = bands.run("optimizations", given)
    assert (done["totalCombinations"], done["reused"]) == (42, 6)
    assert len({trial["trialKey"] for trial in trials_of(bands, done["runKey"])}) == 36


def test_an_equivalent_of_a_stored_trial_is_taken_over(bands: Site) -> None:
    settings = request(bands)
    bands.run("optimizations", settings | {"axes": {"one": {"values": [2]}, "other": {"min": 3, "max": 9}}})
    done = bands.run("optimizations", settings)
    stored, theirs, others = 7, 7, 21
    assert done["reused"] == stored + theirs + others
    by_set = {tuple(trial["parameters"].values()): trial for trial in trials_of(bands, done["runKey"])}
    assert by_set[5, 2]["metrics"] == by_set[2, 5]["metrics"]


def test_unique_combinations_are_counted_or_estimated(bands: Site) -> None:
    def cost(most: int) -> dict[str, Any]:
        axes = {"one": {"min": 1, "max": most}, "other": {"min": 1, "max": most}}
        told: dict[str, Any] = bands.http.post("/api/optimizations/evaluate", json=request(bands, axes=axes)).json()
        return told

    small, large = cost(100), cost(100_000)
    assert (small["totalCombinations"], small["uniqueCombinations"], small["exact"]) == (10_000, 5_050, True)
    assert (large["totalCombinations"], large["exact"]) == (10**10, False)
    assert large["uniqueCombinations"] == pytest.approx(5e9, rel=0.2)

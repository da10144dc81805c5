"""The bars of a run with its fills on them."""

from typing import Any

import pytest

from tests.integration.site import FIRST, Site, bars_csv

HOUR_MS = 3_600_000
TRADES_OFTEN = {"fastPeriod": 2, "slowPeriod": 5}


def bars_of(csv: str) -> list[list[float]]:
    """The rows of a file."""
    return [[float(value) for value in line.split(",")] for line in csv.splitlines()[1:]]


BARS = bars_of(bars_csv())


def chart(site: Site, key: str, **query: Any) -> dict[str, Any]:
    """The bars that a query gives."""
    answer = site.http.get(f"/api/backtests/{key}/bars", params=query)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    assert shown["columns"] == ["ts", "o", "h", "l", "c", "v"]
    return shown


@pytest.fixture(scope="module")
def done(site: Site) -> dict[str, Any]:
    """The status of a backtest that traded often."""
    return site.run("backtests", site.fresh(strategyParameters=TRADES_OFTEN))


def test_bars_are_those_of_the_data_set(site: Site, done: dict[str, Any]) -> None:
    shown = chart(site, done["runKey"], points=3_000)
    assert shown["rows"] == BARS
    assert shown["interval"] == HOUR_MS
    assert len(shown["markers"]) == done["result"]["metrics"]["totalFills"]


def test_few_rows_keep_the_extremes_and_the_volume(site: Site, done: dict[str, Any]) -> None:
    shown = chart(site, done["runKey"], points=100)
    rows = shown["rows"]
    assert 50 < len(rows) <= 100
    assert shown["interval"] == 31 * HOUR_MS  # of 30 hours each there would be a row more: the first is none whole
    for row, following in zip(rows, [*rows[1:], [float("inf")]], strict=True):
        held = [bar for bar in BARS if row[0] <= bar[0] < following[0]]
        assert held[-1][0] // shown["interval"] == row[0] // shown["interval"]
        assert row == [
            held[0][0],
            held[0][1],
            max(bar[2] for bar in held),
            min(bar[3] for bar in held),
            held[-1][4],
            sum(bar[5] for bar in held),
        ]


def test_many_markers_become_one_for_each_row_and_side(site: Site, done: dict[str, Any]) -> None:
    every = chart(site, done["runKey"], points=3_000)["markers"]
    shown = chart(site, done["runKey"], points=100)
    markers, times = shown["markers"], [row[0] for row in shown["rows"]]
    assert len(markers) <= 2 * len(times)
    assert len({(marker["ts"], marker["side"]) for marker in markers}) == len(markers)
    assert {marker["ts"] for marker in markers} <= set(times)
    for side in ("buy", "sell"):
        few, many = ([m for m in found if m["side"] == side] for found in (markers, every))
        assert sum(m["quantity"] for m in few) == pytest.approx(sum(m["quantity"] for m in many))
        spent = sum(m["quantity"] * m["price"] for m in many)
        assert sum(m["quantity"] * m["price"] for m in few) == pytest.approx(spent)


def test_a_window_holds_its_own_bars_and_fills(site: Site, done: dict[str, Any]) -> None:
    shown = chart(site, done["runKey"], **{"from": "2024-02-01T00:00:00Z", "to": "2024-02-02"})
    first, last = 1_706_745_600_000, 1_706_745_600_000 + 47 * HOUR_MS
    assert shown["rows"] == [bar for bar in BARS if first <= bar[0] <= last]
    every = chart(site, done["runKey"], points=3_000)["markers"]
    assert shown["markers"] == [marker for marker in every if first <= marker["ts"] <= last]
    assert chart(site, done["runKey"], **{"from": "2030-01-01"})["rows"] == []
    assert chart(site, done["runKey"], to="1900-01-01")["rows"] == []


def averages(n: int) -> list[float | None]:
    """The averages of the closes, None while there are not enough."""
    closes = [bar[4] for bar in BARS]
    return [None if k < n else sum(closes[k - n : k]) / n for k in range(1, len(closes) + 1)]


def test_indicators_are_the_values_at_the_last_bar_of_each_row(site: Site, done: dict[str, Any]) -> None:
    key = done["runKey"]
    assert chart(site, key, points=3_000)["indicators"] == {
        "fast": pytest.approx(averages(2)),
        "slow": pytest.approx(averages(5)),
    }
    few = chart(site, key, points=100)
    times = [row[0] for row in few["rows"]][1:]
    last = [max(k for k, bar in enumerate(BARS) if bar[0] < time) for time in times] + [len(BARS) - 1]
    assert few["indicators"]["slow"] == pytest.approx([averages(5)[k] for k in last])
    window = chart(site, key, **{"from": "2024-02-01", "to": "2024-02-02"})
    start = next(k for k, bar in enumerate(BARS) if bar[0] == window["rows"][0][0])
    assert window["indicators"]["fast"] == pytest.approx(averages(2)[start : start + len(window["rows"])])


def test_indicators_are_picked_by_name(site: Site, done: dict[str, Any]) -> None:
    key = done["runKey"]
    assert list(chart(site, key, indicators="slow")["indicators"]) == ["slow"]
    assert list(chart(site, key, indicators=" slow , fast,slow")["indicators"]) == ["slow", "fast"]
    assert chart(site, key, indicators="")["indicators"] == {}
    answer = site.http.get(f"/api/backtests/{key}/bars", params={"indicators": "fats"})
    problem = site.problem(answer, 400, "invalid_request")
    assert problem["errors"] == [{"path": "indicators", "message": "'fats' is none of fast, slow"}]


def test_a_run_that_plots_nothing_has_no_indicators(site: Site) -> None:
    key = site.run("backtests", site.fresh(strategyName="BuyAndHold", strategyParameters={}))["runKey"]
    assert chart(site, key)["indicators"] == {}


def test_bars_outside_of_the_period_of_the_run_are_not_shown(site: Site) -> None:
    key = site.run("backtests", site.fresh(endTime="2024-01-02T00:00:00Z"))["runKey"]
    assert chart(site, key)["rows"] == BARS[:25]
    assert chart(site, key, **{"from": FIRST, "to": "2024-12-31"})["rows"] == BARS[:25]


def test_a_run_that_goes_on_has_bars_and_no_markers(site: Site) -> None:
    key, gate = site.at_gate()
    shown = chart(site, key, points=3_000)
    assert (shown["rows"], shown["markers"], shown["indicators"]) == (BARS, [], {})
    gate.touch()
    site.ended("backtests", key)
    assert len(chart(site, key)["markers"]) == 1


def test_a_failed_run_has_its_bars(site: Site) -> None:
    key = site.run("backtests", site.fresh(strategyName="Boom"), "Failed")["runKey"]
    assert chart(site, key, points=3_000)["rows"] == BARS


def test_bars_of_a_data_set_that_was_deleted_are_not_found(site: Site) -> None:
    dataset = site.bring(bars_csv(100), assetName="GONE").json()["id"]
    key = site.run("backtests", site.fresh(assetName="GONE"))["runKey"]
    site.http.delete(f"/api/datasets/{dataset}")
    answer = site.http.get(f"/api/backtests/{key}/bars")
    assert dataset in site.problem(answer, 404, "not_found")["detail"]

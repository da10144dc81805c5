"""Whole runs through the server against a calculation that knows nothing of the engine."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from server.contract.base import format_instant
from tests.integration.site import Site
from tests.reference import Costs, Reckoning, Row, buy_and_hold, read_rows, sma_crossover

CASH: Final = Decimal(10_000)
HOUR_MS: Final = 3_600_000
SUNDAY_MS: Final = 1_262_556_000_000  # 2010-01-03T22:00:00Z
WEEK_HOURS: Final = 168
OPEN_HOURS: Final = 120
_TICK: Final = Decimal("0.000001")


def currency_csv(weeks: int) -> str:
    """Hourly bars of a currency pair as brokers export them: six decimals, no volume, no weekends."""
    lines = ["timestamp,open,high,low,close,volume"]
    state, close = 12_345, 1_432_500
    for hour in range(weeks * WEEK_HOURS):
        if hour % WEEK_HOURS >= OPEN_HOURS:
            continue
        state = (1_103_515_245 * state + 12_345) % 2**31
        opened, close = close, close + ((state >> 12) % 4_001 - 2_000) // 2
        high, low = max(opened, close) + state % 300, min(opened, close) - state % 250
        prices = ",".join(f"{Decimal(price) * _TICK:f}" for price in (opened, high, low, close))
        moment = datetime.fromtimestamp((SUNDAY_MS + hour * HOUR_MS) / 1000, UTC)
        lines.append(f"{moment:%Y-%m-%dT%H:%M:%SZ},{prices},0")
    return "\n".join(lines) + "\n"


def shared_file() -> Iterator[Path]:
    """The real prices in `shared/data`, where that folder lies beside the project."""
    for folder in Path(__file__).resolve().parents:
        path = folder / "shared" / "data" / "eurusd_mid_1h.csv"
        if path.is_file():
            yield path
            return


SOURCES: Final = ["made", *map(str, shared_file())]


@pytest.fixture(scope="module", params=SOURCES, ids=lambda source: Path(source).stem)
def series(request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The settings of runs over an uploaded file, with its rows and the file's tick size."""
    path = Path(request.param)
    if request.param == "made":
        path = tmp_path_factory.mktemp("prices") / "made.csv"
        path.write_text(currency_csv(60))
    asset = f"EURUSD{path.stem}"
    uploaded = site.bring(path.read_text(), assetName=asset, exchange="OANDA")
    assert uploaded.is_success, uploaded.text
    rows = read_rows(path)
    dataset = uploaded.json()
    assert dataset["rows"] == len(rows)
    assert dataset["gapCount"] < len(rows) // OPEN_HOURS // 10  # weekends are none
    settings = {
        "assetName": asset,
        "exchange": "OANDA",
        "timeFrame": "1h",
        "startTime": dataset["first"],
        "endTime": dataset["last"],
        "initialCash": float(CASH),
    }
    return {"settings": settings, "rows": rows, "dataset": dataset}


def costs_of(series: dict[str, Any], rate: str, slippage_ticks: int) -> tuple[dict[str, Any], Costs]:
    """The costs as a request says them, and as the calculation takes them."""
    tick, lot = (Decimal(str(series["dataset"][name])) for name in ("tickSize", "lotSize"))
    request = {"commissionPerTrade": float(rate), "slippageTicks": slippage_ticks}
    return request, Costs(Decimal(rate), slippage_ticks * tick, lot)


def assert_same(site: Site, done: dict[str, Any], expected: Reckoning) -> None:
    """The same trades, to the last digit, the same profit and the same curve."""
    trades = site.pages(f"/api/backtests/{done['runKey']}/trades", limit=500)
    assert [
        (
            trade["entryTime"],
            trade["exitTime"],
            trade["side"],
            trade["quantity"],
            trade["entryPrice"],
            trade["exitPrice"],
            trade["profit"],
        )
        for trade in trades
    ] == [
        (
            format_instant(trade.entry_ms),
            None if trade.exit_ms is None else format_instant(trade.exit_ms),
            "long",
            float(trade.quantity),
            float(trade.entry_price),
            None if trade.exit_price is None else float(trade.exit_price),
            float(trade.profit),
        )
        for trade in expected.trades
    ]
    assert done["result"]["metrics"]["netProfit"] == float(expected.net_profit)
    curve = site.http.get(f"/api/backtests/{done['runKey']}/equity").json()
    assert [point[1] for point in curve["points"]] == [float(equity) for equity in expected.equity]


@pytest.mark.parametrize(("rate", "slippage_ticks"), [("0", 0), ("0.00002", 5)])
def test_a_crossover_trades_as_reckoned_by_hand(
    site: Site, series: dict[str, Any], rate: str, slippage_ticks: int
) -> None:
    told, costs = costs_of(series, rate, slippage_ticks)
    parameters = {"fastPeriod": 12, "slowPeriod": 60, "quantity": 5_000}
    done = site.run(
        "backtests",
        series["settings"] | told | {"strategyName": "SmaCrossover", "strategyParameters": parameters},
    )
    expected = sma_crossover(series["rows"], CASH, costs, fast=12, slow=60, quantity=Decimal(5_000))
    assert len(expected.trades) > 30
    assert_same(site, done, expected)


def test_buying_and_holding_ends_as_reckoned_by_hand(site: Site, series: dict[str, Any]) -> None:
    told, costs = costs_of(series, "0.001", 2)
    done = site.run("backtests", series["settings"] | told | {"strategyName": "BuyAndHold"})
    assert_same(site, done, buy_and_hold(series["rows"], CASH, costs))


def test_a_period_trades_as_if_there_were_no_other_bars(site: Site, series: dict[str, Any]) -> None:
    rows: list[Row] = series["rows"][1_000:4_000]
    told, costs = costs_of(series, "0.00002", 1)
    period = {"startTime": format_instant(rows[0].ts_ms), "endTime": format_instant(rows[-1].ts_ms)}
    parameters = {"fastPeriod": 5, "slowPeriod": 20, "quantity": 1_000}
    done = site.run(
        "backtests",
        series["settings"] | told | period | {"strategyName": "SmaCrossover", "strategyParameters": parameters},
    )
    assert done["totalBars"] == 3_000
    assert_same(site, done, sma_crossover(rows, CASH, costs, fast=5, slow=20, quantity=Decimal(1_000)))


def test_a_sweeps_trials_end_as_reckoned_by_hand(site: Site, series: dict[str, Any]) -> None:
    told, costs = costs_of(series, "0.00002", 1)
    rows: list[Row] = series["rows"][:5_000]
    axes = {"fastPeriod": {"values": [5, 10]}, "slowPeriod": {"values": [20, 40]}, "quantity": {"fixed": 1_000}}
    request = series["settings"] | told | {"strategyName": "SmaCrossover", "axes": axes}
    done = site.run("optimizations", request | {"endTime": format_instant(rows[-1].ts_ms)})
    profits = {
        (trial["parameters"]["fastPeriod"], trial["parameters"]["slowPeriod"]): trial["metrics"]["netProfit"]
        for trial in done["result"]["trials"]
    }
    assert profits == {
        (fast, slow): float(sma_crossover(rows, CASH, costs, fast=fast, slow=slow, quantity=Decimal(1_000)).net_profit)
        for fast in (5, 10)
        for slow in (20, 40)
    }

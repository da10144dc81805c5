"""The report of a backtest."""

import re

import pytest
from msgspec import structs

from server.contract.results import METRIC_NAMES
from server.report.backtest import render_backtest
from server.report.metric_words import METRICS, show_metric
from tests.unit.report.reports import EVIL, INSTANT, KEY, Read, a_backtest, a_run, a_trip, metrics


def test_a_report_tells_what_ran_what_came_of_it_and_where_from() -> None:
    read = Read(render_backtest(a_backtest()))
    for told in (KEY, "c0ffee", "5eed", "1.2.0, compiled", "ACME · TEST · 1h", "Fast period5", "leverage 2"):
        assert told in read.text
    assert "Initial cash10,000.00" in read.text
    assert "Commission0.1% of notional" in read.text
    assert "LongAfter" not in read.text
    assert "take profit2100110.5+20.80+10.40%7" in read.text


def test_a_report_has_every_metric_with_its_meaning() -> None:
    assert sorted(METRICS) == sorted(METRIC_NAMES)
    text = Read(render_backtest(a_backtest())).text
    for words in METRICS.values():
        assert words.name in text
        assert words.meaning in text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("netProfit", 1234.5, "+1,234.50"),
        ("netProfit", -0.001, "0.00"),
        ("maxDrawdownPct", -12.5, "−12.50%"),
        ("sharpeRatio", None, "–"),
        ("totalTrades", 1200, "1,200"),
        ("totalReturnPct", 3.0, "+3.00%"),
        ("fitness", 0.5, "0.5000"),
    ],
)
def test_a_metric_is_written_by_its_kind(name: str, value: float | None, text: str) -> None:
    assert show_metric(name, value) == text


def test_a_report_needs_no_network_and_no_script() -> None:
    report = render_backtest(a_backtest())
    read = Read(report)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in read.elements}
    attributes = {name for _, told in read.elements for name in told}
    assert not {"src", "href", "style"} & attributes
    assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in report
    assert "@import" not in report


def test_nothing_that_a_user_wrote_becomes_markup() -> None:
    report = a_backtest(
        {"warnings": [EVIL], "parameters": {EVIL: EVIL}},
        run=a_run(label=EVIL, strategy_name=EVIL, asset_name=EVIL),
        trades=[a_trip(asset_name=EVIL), a_trip()],
        request={"strategyName": EVIL, "label": f"'{EVIL}"},
        server=EVIL,
    )
    text = render_backtest(report)
    assert "<script" not in text
    assert Read(text).text.count(EVIL) >= 6


def test_the_curve_is_drawn_with_its_drawdown() -> None:
    read = Read(render_backtest(a_backtest()))
    (picture,) = read.tags("svg")
    assert picture["aria-label"] == "Equity and drawdown of SmaCrossover"
    curve = next(told["d"] for told in read.tags("path") if told["class"] == "curve")
    assert curve is not None
    assert len(re.findall(r"[ML]", curve)) == 3


def test_that_a_curve_is_thinned_and_trades_are_left_out_is_said() -> None:
    told = a_backtest()
    equity = structs.replace(told.equity, total=1_000_000)
    text = Read(render_backtest(a_backtest(equity=equity, trades_total=100_000))).text
    assert "3 of 1,000,000 bars are drawn" in text
    assert "the first 1 of 100,000 round trips" in text


def test_a_run_without_trades_or_months_has_a_report() -> None:
    equity = structs.replace(a_backtest().equity, points=[], total=0)
    told = a_backtest({"metrics": metrics(sharpe_ratio=None)}, equity=equity, months=[], trades=[], trades_total=0)
    read = Read(render_backtest(told))
    assert "There were none." in read.text
    assert "Monthly returns" not in read.text
    assert read.tags("svg") == []


def test_an_open_position_has_no_exit() -> None:
    trip = a_trip(exit_time=None, exit_price=None, exit_reason="open", profit=-1.0)
    assert "2024-01-31 12:00–still open2100–−1.00" in Read(render_backtest(a_backtest(trades=[trip]))).text


def test_synthetic_data_is_told() -> None:
    told = a_backtest()
    data = [structs.replace(told.result.data[0], synthetic=True)]
    text = Read(render_backtest(a_backtest({"data": data}))).text
    assert "Synthetic data: this is no market." in text


def test_the_same_run_gives_the_same_bytes() -> None:
    assert render_backtest(a_backtest()) == render_backtest(a_backtest())
    assert INSTANT[:10] in render_backtest(a_backtest())

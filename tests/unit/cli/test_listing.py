"""Runs in a list."""

from typing import Any

import click
import pytest
from msgspec import structs

from server.cli.listing import AnyItem, runs_lines, short_key
from server.contract.requests import Axis
from server.contract.status import BacktestItem, KeyMetrics, OptimizationItem
from tests.states import INSTANT, OTHER, RUN

FLAT: dict[str, Any] = {
    "attempt": 1,
    "store_id": "home",
    "strategy_name": "Probe",
    "strategy_version": "1.0.0",
    "asset_name": "SYNTHETIC-PERPETUAL",
    "exchange": "TEST",
    "time_frame": "15m",
    "start_time": INSTANT,
    "end_time": INSTANT,
    "total": 40,
    "submitted_at": "2024-11-25T10:02:00.000Z",
    "label": None,
    "status": "Completed",
    "phase": None,
    "mode": None,
    "processed": 40,
    "failed": 0,
    "skipped": 0,
    "rate_per_second": None,
    "bars_per_second": None,
    "eta_seconds": None,
    "elapsed_ms": 5,
    "updated_at": INSTANT,
    "started_at": None,
    "cancel_requested": False,
    "error_message": None,
    "error_stack_trace": None,
    "rev": (1, 1),
    "queue_position": None,
    "result_attempt": 1,
    "stop_reason": None,
    "metrics": KeyMetrics(net_profit=-12_345.678),
}
BACKTEST = BacktestItem(
    **FLAT,
    run_key=RUN,
    unit="bars",
    parameters={"fastPeriod": 5, "note": "long " * 30},
    bar_time=None,
    equity=None,
    processed_bars=40,
    total_bars=40,
)
OPTIMIZATION = OptimizationItem(
    **FLAT,
    run_key=OTHER,
    unit="combinations",
    axes={"fastPeriod": Axis(min=5, max=50, step=5), "quantity": Axis(fixed=1)},
    best=None,
    top=[],
    stagnation=0,
    last_error=None,
    reused=0,
    completed_combinations=40,
    failed_combinations=0,
    total_combinations=40,
)


def told(*items: AnyItem, width: int = 200) -> list[str]:
    return [click.unstyle(line) for line in runs_lines(items, width)]


def changed(item: AnyItem, **changes: Any) -> AnyItem:
    return structs.replace(item, **changes)


def test_a_run_tells_kind_asset_state_and_profit() -> None:
    _, row, _ = told(changed(BACKTEST, asset_name="ACME"))
    assert row.split() == ["00000000", "backtest", "ACME", "15m", "Completed", "100%", "-12,345.68", "11-25", "10:02"]


def test_a_run_of_another_year_tells_its_day() -> None:
    rows = told(BACKTEST, changed(BACKTEST, submitted_at="2023-05-06T10:02:00.000Z"))
    assert rows[-2].endswith("  2023-05-06")


def test_an_optimization_tells_its_axes_without_what_is_fixed() -> None:
    assert told(OPTIMIZATION)[2].strip() == "Probe fastPeriod=5:50:5"


def test_a_label_stands_before_the_parameters() -> None:
    assert told(changed(BACKTEST, label="first try"))[2].strip().startswith('Probe "first try" fastPeriod=5')


def test_a_failed_run_tells_the_first_line_of_its_reason() -> None:
    failed = changed(BACKTEST, status="Failed", error_message="ValueError: no\nmore")
    assert told(failed)[3].strip() == "failed: ValueError: no"


def test_failed_trials_are_told_with_the_last_reason() -> None:
    some = changed(OPTIMIZATION, failed=3, last_error="boom")
    assert told(some)[3].strip() == "3 of 40 failed: boom"


@pytest.mark.parametrize("width", [80, 110])
def test_the_list_fits_the_terminal(width: int) -> None:
    lines = told(changed(BACKTEST, status="Failed", error_message="why " * 90), OPTIMIZATION, width=width)
    assert max(len(line) for line in lines) <= width


def test_the_short_key_is_the_beginning_of_the_hash() -> None:
    assert short_key("A_1_20240101-20240102_0123456789abcdef01234567") == "01234567"

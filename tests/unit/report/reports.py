"""Runs of which reports are made, and a reader of what came out."""

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any, Final

from msgspec import structs

from server.contract.requests import Axis
from server.contract.results import (
    BacktestResult,
    DataUsed,
    Equity,
    FailureGroup,
    Metrics,
    OptimizationResult,
    RoundTrip,
    Trial,
)
from server.contract.run import Leader, RunInfo
from server.contract.spread import Distribution
from server.contract.surface import Surface
from server.report.backtest import BacktestReport
from server.report.months import MonthEnd
from server.report.optimization import OptimizationReport

INSTANT: Final = "2024-01-31T12:00:05.000Z"
KEY: Final = "SmaCrossover_1.0.0_20240101-20241231_0123456789abcdef01234567"
EVIL: Final = '<script>alert("1")</script>'
_WHOLE: Final = {field.name for field in structs.fields(Metrics) if field.type is int}
_VOID: Final = frozenset({"meta"})
REQUEST: Final[dict[str, Any]] = {
    "strategyName": "SmaCrossover",
    "assetName": "ACME",
    "exchange": "TEST",
    "timeFrame": "1h",
    "startTime": "2024-01-01T00:00:00Z",
    "endTime": "2024-12-31T00:00:00Z",
    "initialCash": 10_000.0,
    "commissionPerTrade": 0.001,
}


def metrics(**changes: Any) -> Metrics:
    """All 1, or 1.5, but for `changes`."""
    return Metrics(**({name: 1 if name in _WHOLE else 1.5 for name in Metrics.__struct_fields__} | changes))


def a_run(**changes: Any) -> RunInfo:
    told: dict[str, Any] = {
        "run_key": KEY,
        "kind": "backtest",
        "attempt": 1,
        "store_id": "store",
        "strategy_name": "SmaCrossover",
        "strategy_version": "1.0.0",
        "asset_name": "ACME",
        "exchange": "TEST",
        "time_frame": "1h",
        "start_time": INSTANT,
        "end_time": INSTANT,
        "total": 100,
        "unit": "bars",
        "submitted_at": INSTANT,
    }
    return RunInfo(**(told | changes))


def _shared() -> dict[str, Any]:
    data = DataUsed(
        dataset_id="acme-1",
        content_hash="c0ffee",
        rows=100,
        first=INSTANT,
        last=INSTANT,
        synthetic=False,
        asset_name="ACME",
        exchange="TEST",
        time_frame="1h",
    )
    return {
        "run_key": KEY,
        "attempt": 1,
        "strategy_name": "SmaCrossover",
        "strategy_version": "1.0.0",
        "source_hash": "5eed",
        "engine_version": "1.2.0",
        "mode": "compiled",
        "data": [data],
        "started_at": INSTANT,
        "completed_at": INSTANT,
        "duration_ms": 1_250,
        "simulate_ms": 0.5,
        "total_bars": 100,
        "warnings": [],
        "rejected_orders": 0,
        "has_event_log": False,
        "settings": {
            "initialCash": 10_000.0,
            "commission": {"model": "rate", "value": 0.001, "minimum": 0.0},
            "slippageTicks": 1,
            "account": {"type": "margin", "leverage": 2.0},
            "riskFreeRate": 0.02,
        },
    }


def a_trip(**changes: Any) -> RoundTrip:
    told: dict[str, Any] = {
        "entry_time": INSTANT,
        "exit_time": INSTANT,
        "side": "long",
        "quantity": 2.0,
        "entry_price": 100.0,
        "exit_price": 110.5,
        "profit": 20.8,
        "profit_pct": 10.4,
        "commission": 0.2,
        "bars": 7,
        "max_adverse": -1.0,
        "max_favourable": 25.0,
        "exit_reason": "takeProfit",
        "asset_name": "ACME",
    }
    return RoundTrip(**(told | changes))


def a_backtest(result: dict[str, Any] | None = None, **changes: Any) -> BacktestReport:
    told: dict[str, Any] = _shared() | {"parameters": {"fastPeriod": 5}, "metrics": metrics()} | (result or {})
    return replace(
        BacktestReport(
            run=a_run(),
            result=BacktestResult(**told),
            request=REQUEST | {"strategyParameters": {"fastPeriod": 5}},
            equity=Equity(
                points=[(0, 10_000.0, 0.0), (86_400_000, 10_100.0, 0.0), (172_800_000, 9_900.0, -2.0)], total=3
            ),
            months=[MonthEnd(2024, 1, 10_100.0), MonthEnd(2024, 2, 9_900.0)],
            trades=[a_trip()],
            trades_total=1,
            server="http://127.0.0.1:8000",
            made_at="2024-02-01 00:00:00 UTC",
        ),
        **changes,
    )


def a_trial(index: int, **changes: Any) -> Trial:
    told: dict[str, Any] = {
        "trial_key": f"trial{index}",
        "index": index,
        "parameters": {"fastPeriod": 5 + index, "slowPeriod": 20},
        "status": "Completed",
        "metrics": metrics(net_profit=100.0 - index),
        "fitness": 1.0,
        "error_message": None,
        "error_stack_trace": None,
        "duration_ms": 1.0,
        "reused": False,
    }
    return Trial(**(told | changes))


AXES: Final[dict[str, dict[str, Any]]] = {
    "fastPeriod": {"min": 5, "max": 7, "step": 1},
    "slowPeriod": {"values": [20, 40]},
}


def an_optimization(result: dict[str, Any] | None = None, **changes: Any) -> OptimizationReport:
    told: dict[str, Any] = _shared() | {
        "axes": AXES,
        "method": "grid",
        "seed": 0,
        "sort_by": "netProfit",
        "total_combinations": 6,
        "completed": 5,
        "failed": 1,
        "skipped": 0,
        "filtered": 0,
        "reused": 2,
        "trials_total": 6,
        "best": Leader(trial_key="trial0", parameters={"fastPeriod": 5, "slowPeriod": 20}, value=100.0),
        "failures": [FailureGroup(message="ValueError: no", count=1, example_trial_key="trial5")],
    }
    axes = {name: Axis(**axis) for name, axis in AXES.items()}
    failed = a_trial(5, status="Failed", metrics=None, error_message="no", error_stack_trace="File x, line 3")
    return replace(
        OptimizationReport(
            run=a_run(kind="optimization", unit="combinations", axes=axes),
            result=OptimizationResult(**(told | (result or {}))),
            request=REQUEST | {"axes": AXES, "sortBy": "netProfit"},
            stop_reason=None,
            leaders=[a_trial(0), a_trial(1)],
            failed=[failed],
            spread=a_spread(),
            surface=a_surface(),
            front=None,
            server="http://127.0.0.1:8000",
            made_at="2024-02-01 00:00:00 UTC",
        ),
        **changes,
    )


def a_spread(**changes: Any) -> Distribution:
    told: dict[str, Any] = {
        "metric": "netProfit",
        "low": -50.0,
        "high": 100.0,
        "counts": [1, 0, 4],
        "below": 0,
        "above": 0,
        "min": -50.0,
        "max": 100.0,
        "mean": 60.0,
        "quartiles": (10.0, 80.0, 90.0),
        "positive": 4,
        "defined": 5,
        "trials": 6,
        "total": 6,
        "result_attempt": 1,
    }
    return Distribution(**(told | changes))


def a_surface(**changes: Any) -> Surface:
    told: dict[str, Any] = {
        "x": "fastPeriod",
        "y": "slowPeriod",
        "metric": "netProfit",
        "fold": "best",
        "x_values": [5, 6, 7],
        "y_values": [20, 40],
        "x_bins": None,
        "y_bins": None,
        "trials": 6,
        "total": 6,
        "min": -50.0,
        "max": 100.0,
        "values": [[100.0, 99.0, None], [80.0, 1.0, -50.0]],
        "counts": [[1, 1, 0], [1, 1, 1]],
        "result_attempt": 1,
    }
    return Surface(**(told | changes))


class Read(HTMLParser):
    """A report as a browser reads it: its text, its elements, and whether they are nested as they should be."""

    def __init__(self, report: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(report)
        self.close()
        assert self._open == [], f"left open: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.text += data

    def tags(self, name: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of a name."""
        return [attributes for tag, attributes in self.elements if tag == name]

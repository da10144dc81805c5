"""What a run came to."""

from io import StringIO

import pytest
from msgspec import structs
from rich.console import Console
from rich.table import Table

from server.cli.report import metrics_table, print_backtest, trials_table
from server.contract.results import METRIC_NAMES, BacktestResult, Metrics, Trial
from tests.states import INSTANT, RUN

NAMES = ("fastPeriod", "mode")
METRICS = Metrics(
    net_profit=-304.05,
    open_profit=0.0,
    gross_profit=1200.0,
    gross_loss=-1504.05,
    commissions=12.5,
    total_return_pct=-3.04,
    annual_return_pct=-1.2,
    annual_volatility_pct=5.0,
    sharpe_ratio=None,
    sortino_ratio=None,
    calmar_ratio=None,
    max_drawdown=-800.0,
    max_drawdown_pct=-7.5,
    max_drawdown_bars=4321,
    recovery_factor=-0.38,
    total_trades=358,
    total_fills=717,
    win_rate_pct=31.01,
    profit_factor=0.8,
    expectancy=-0.85,
    average_win=10.0,
    average_loss=-6.0,
    payoff_ratio=1.67,
    exposure_pct=49.76,
    turnover=123.0,
    longest_losing_streak=12,
    final_equity=9695.95,
)


def trial(index: int, *, completed: bool = True) -> Trial:
    """A trial of two parameters."""
    return Trial(
        trial_key=f"{index:024x}",
        index=index,
        parameters={"fastPeriod": 5 + index, "mode": "long"},
        status="Completed" if completed else "Failed",
        metrics=METRICS if completed else None,
        fitness=1.5 if completed else None,
        error_message=None if completed else "boom",
        error_stack_trace=None,
        duration_ms=1.0,
        reused=False,
    )


def text(table: Table) -> str:
    """The table as a terminal of 80 columns shows it."""
    file = StringIO()
    Console(width=80, file=file).print(table)
    return file.getvalue()


def test_the_metrics_fit_a_terminal() -> None:
    shown = text(metrics_table(METRICS))
    assert "…" not in shown
    assert max(len(line.rstrip()) for line in shown.splitlines()) < 80


@pytest.mark.parametrize("name", METRIC_NAMES)
def test_every_metric_is_shown(name: str) -> None:
    field = next(one for one in structs.fields(Metrics) if one.encode_name == name)
    before = text(metrics_table(METRICS))
    assert text(metrics_table(structs.replace(METRICS, **{field.name: 98765}))) != before


def test_what_is_undefined_is_a_dash() -> None:
    row = next(line for line in text(metrics_table(METRICS)).splitlines() if line.startswith("Sharpe"))
    assert row.split()[2] == "–"


def test_trials_come_with_rank_and_parameters() -> None:
    lines = text(trials_table([trial(0), trial(1)], NAMES, "sharpeRatio")).splitlines()
    assert lines[0].split()[:3] == ["#", "fastPeriod", "mode"]
    assert [line.split()[:3] for line in lines[1:]] == [["1", "5", "long"], ["2", "6", "long"]]
    assert "Fitness" not in lines[0]


def test_the_fitness_is_shown_when_it_ranks() -> None:
    lines = text(trials_table([trial(0)], NAMES, "fitness")).splitlines()
    assert (lines[0].split()[-1], lines[1].split()[-1]) == ("Fitness", "1.50")


def test_a_failed_trial_has_no_metrics() -> None:
    row = text(trials_table([trial(0, completed=False)], NAMES, "netProfit")).splitlines()[1]
    assert row.split()[3:] == ["Failed", "–", "–", "–", "–"]


def result(*, rejected: int, fills: int, warnings: list[str]) -> BacktestResult:
    """A backtest's result with these orders."""
    return BacktestResult(
        run_key=RUN,
        attempt=1,
        strategy_name="Probe",
        strategy_version="1.0.0",
        source_hash="0",
        engine_version="1.0.0",
        mode="interpreted",
        settings={},
        data=[],
        started_at=INSTANT,
        completed_at=INSTANT,
        duration_ms=40,
        simulate_ms=1.0,
        total_bars=1509,
        warnings=warnings,
        rejected_orders=rejected,
        has_event_log=False,
        parameters={},
        metrics=structs.replace(METRICS, total_fills=fills),
    )


def test_rejections_are_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    print_backtest(result(rejected=14, fills=3, warnings=["14 orders rejected: not enough cash"]))
    told = capsys.readouterr()
    assert (told.out + told.err).count("rejected") == 1
    assert told.out.startswith("1,509 bars in 40 ms, interpreted\n")


def test_a_run_whose_every_order_was_rejected_says_so_first(capsys: pytest.CaptureFixture[str]) -> None:
    print_backtest(result(rejected=1456, fills=0, warnings=["1456 orders rejected: not enough cash"]))
    told = capsys.readouterr()
    assert told.out.splitlines()[1] == "No order was filled: 1,456 orders rejected, not enough cash"
    assert "rejected" not in told.err

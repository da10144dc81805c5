"""The report of an optimization."""

from msgspec import structs

from server.contract.results import (
    Equity,
    LeaderRobustness,
    Robustness,
    WalkForwardResult,
    WalkForwardWindow,
)
from server.contract.spread import Sample
from server.report.optimization import render_optimization
from tests.unit.report.reports import AXES, EVIL, INSTANT, KEY, REQUEST, Read, a_run, a_spread, a_trial, an_optimization


def test_a_report_tells_the_best_trials_and_what_became_of_the_others() -> None:
    read = Read(render_optimization(an_optimization()))
    assert KEY in read.text
    assert "Fast period 5, Slow period 20" in read.text
    assert "5 of 6 combinations completed, 1 failed, 2 known before" in read.text
    assert "the best 2 of 6 trials, by Net profit" in read.text
    assert "0520+100.00" in read.text
    assert "Fast period5 to 7 in steps of 1" in read.text
    assert "Slow period20, 40" in read.text


def test_failures_come_with_the_stack_trace_of_one_trial() -> None:
    text = Read(render_optimization(an_optimization())).text
    assert "1 × ValueError: no" in text
    assert "File x, line 3" in text
    assert "1 × ValueError: no" in Read(render_optimization(an_optimization(failed=[]))).text


def test_the_heat_map_rings_the_best_trial_and_every_bar_is_told() -> None:
    read = Read(render_optimization(an_optimization()))
    assert [picture["aria-label"] for picture in read.tags("svg")] == [
        "Net profit over Fast period (across) and Slow period (upwards)",
        "How Net profit is spread over 5 trials",
    ]
    assert [told["class"] for told in read.tags("circle")] == ["halo", "mark"]
    assert "Fast period 5, Slow period 20: +100.00" in read.text
    assert "−50.00 to 0.00: 1 trial" in read.text


def test_of_one_parameter_there_is_no_heat_map() -> None:
    read = Read(render_optimization(an_optimization(surface=None)))
    assert "Heat map" not in read.text


def test_what_is_ranked_by_a_fitness_tells_it() -> None:
    read = Read(render_optimization(an_optimization({"sort_by": "fitness"}, spread=a_spread(metric="fitness"))))
    assert "FitnessNet profit" in read.text
    assert "05201.0000+100.00" in read.text


def test_a_sweep_in_which_all_failed_has_a_report() -> None:
    spread = a_spread(low=None, high=None, counts=[], quartiles=None, defined=0)
    told = an_optimization({"best": None, "completed": 0}, leaders=[], spread=spread, stop_reason="timeBudget")
    text = Read(render_optimization(told)).text
    assert "No trial completed." in text
    assert "Stopped early: timeBudget." in text
    assert "Distribution" not in text


def test_the_front_of_several_objectives_is_drawn_and_listed() -> None:
    front = Sample(
        metrics=["netProfit", "maxDrawdownPct"],
        parameters={"fastPeriod": [5, 6, 7], "slowPeriod": [20, 20, 40]},
        values=[[100.0, 90.0, 80.0], [-9.0, -5.0, -7.0]],
        index=[0, 1, 2],
        trial_key=["trial0", "trial1", "trial2"],
        on_front=[0, 1],
        defined=3,
        trials=3,
        total=3,
        result_attempt=1,
    )
    told = an_optimization({"pareto_front": ["trial0", "trial1"]}, front=front)
    read = Read(render_optimization(told))
    assert "2 of 3 trials: no other is better in all objectives" in read.text
    assert "1620+90.00−5.00%" in read.text
    assert [dot["class"] for dot in read.tags("circle")][:3] == ["dot", "dot front", "dot front"]
    assert "0 ◆" in read.text


def test_a_walk_forward_tells_its_windows_and_its_curve() -> None:
    window = WalkForwardWindow(
        index=0,
        in_sample_start=INSTANT,
        in_sample_end=INSTANT,
        out_of_sample_start=INSTANT,
        out_of_sample_end=INSTANT,
        parameters={"fastPeriod": 6},
        trial_key="trial1",
        in_sample_value=2.0,
        out_of_sample_value=1.0,
        efficiency=0.5,
        metrics=None,
    )
    nothing = structs.replace(
        window, index=1, parameters=None, trial_key=None, out_of_sample_value=None, efficiency=None
    )
    equity = Equity(points=[(0, 10_000.0, 0.0), (1_000, 10_010.0, 0.0)], total=2)
    walk = WalkForwardResult(windows=[window, nothing], efficiency=0.5, metrics=None, equity=equity)
    request = REQUEST | {"axes": AXES, "method": "walkForward", "walkForward": {"windows": 2, "outOfSamplePct": 25}}
    read = Read(render_optimization(an_optimization({"walk_forward": walk}, request=request)))
    assert "Sharpe ratio inOutEfficiency" in read.text
    assert "12024-01-31 – 2024-01-312024-01-31 – 2024-01-316–2.001.0050%" in read.text
    assert "Equity out of sample, stitched" in [picture["aria-label"] for picture in read.tags("svg")]


def test_robustness_is_told() -> None:
    leader = LeaderRobustness(trial_key="trial0", value=100.0, neighbours=2, median=50.0, spread=5.0)
    robust = Robustness(deflated_sharpe=0.9, trials=6, leaders=[leader])
    text = Read(render_optimization(an_optimization({"robustness": robust}))).text
    assert "Deflated Sharpe ratio 0.90" in text
    assert "1+100.002+50.00+5.00" in text


def test_nothing_that_a_user_wrote_becomes_markup() -> None:
    evil = a_trial(0, parameters={"fastPeriod": EVIL, "slowPeriod": EVIL})
    told = an_optimization(
        {"warnings": [EVIL], "axes": {EVIL: {"values": [EVIL]}}}, run=a_run(label=EVIL), leaders=[evil]
    )
    text = render_optimization(told)
    assert "<script" not in text
    assert EVIL in Read(text).text

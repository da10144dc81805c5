"""When it is enough."""

from server.contract.requests import StopRules
from server.runs.stopping import STAGNATION, TARGET, Stopping


def reason(values: list[float | None], rules: StopRules, *, sort_by: str = "netProfit") -> str | None:
    stopping = Stopping(rules, sort_by)
    stopping.count(values)
    return stopping.reason


def test_without_rules_there_is_never_enough() -> None:
    assert reason([1e9] * 1_000, StopRules()) is None


def test_a_target_is_reached_by_what_is_as_good() -> None:
    rules = StopRules(target_metric=10.0)
    found = [reason([value, 1.0], rules) for value in (9.9, 10.0, 11.0, None)]
    assert found == [None, TARGET, TARGET, None]


def test_of_what_should_be_small_less_reaches_it() -> None:
    rules = StopRules(target_metric=10.0)
    found = [reason([value, 12.0], rules, sort_by="turnover") for value in (11.0, 10.0, 9.0)]
    assert found == [None, TARGET, TARGET]


def test_trials_since_the_best_are_counted_whether_they_have_a_value_or_not() -> None:
    rules = StopRules(no_improvement_trials=5)
    assert reason([0.5, 1.0, 0.9, None, 1.0, 0.0], rules) is None
    assert reason([0.5, 1.0, 0.9, None, 1.0, 0.0, 0.0], rules) == STAGNATION
    assert reason([0.5, 1.0, 0.9, None, 1.0, 0.0, 1.1], rules) is None


def test_before_the_first_trial_nothing_is_enough() -> None:
    assert reason([], StopRules(no_improvement_trials=1, target_metric=0)) is None

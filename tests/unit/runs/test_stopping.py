"""When it is enough."""

from server.contract.requests import StopRules
from server.contract.run import Leader
from server.optimization.leaders import Ranked, Standings
from server.runs.stopping import STAGNATION, TARGET, stop_reason


def standings(value: float | None, *, sort_by: str = "netProfit", since: int = 0) -> Standings:
    """One trial of this value, and so many after it."""
    made = Standings(sort_by)
    made.add_chunk([Ranked(0, Leader(trial_key="k", parameters={}, value=value))], stop=1, ended=1)
    made.add_chunk([], stop=1 + since, ended=since)
    return made


def test_without_rules_there_is_never_enough() -> None:
    assert stop_reason(standings(1e9, since=10**6), "netProfit", StopRules()) is None


def test_a_target_is_reached_by_what_is_as_good() -> None:
    rules = StopRules(target_metric=10.0)
    assert [stop_reason(standings(value), "netProfit", rules) for value in (9.9, 10.0, 11.0, None)] == [
        None,
        TARGET,
        TARGET,
        None,
    ]


def test_of_what_should_be_small_less_reaches_it() -> None:
    rules = StopRules(target_metric=10.0)
    found = [stop_reason(standings(value, sort_by="turnover"), "turnover", rules) for value in (11.0, 10.0, 9.0)]
    assert found == [None, TARGET, TARGET]


def test_trials_since_the_best_are_counted() -> None:
    rules = StopRules(no_improvement_trials=5)
    assert stop_reason(standings(1.0, since=4), "netProfit", rules) is None
    assert stop_reason(standings(1.0, since=5), "netProfit", rules) == STAGNATION


def test_before_the_first_trial_nothing_is_enough() -> None:
    assert stop_reason(Standings("netProfit"), "netProfit", StopRules(no_improvement_trials=1, target_metric=0)) is None

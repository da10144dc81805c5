"""When things are due."""

from hypothesis import given
from hypothesis import strategies as st

from server.live.pacing import Agenda, FrameBudget


def test_a_budget_holds_a_burst_and_then_the_rate() -> None:
    budget = FrameBudget(rate=10, burst=3, now=0.0)
    assert [budget.spend(0.0) for _ in range(4)] == [True, True, True, False]
    assert [budget.spend(0.1), budget.spend(0.1)] == [True, False]


def test_a_budget_never_saves_more_than_a_burst() -> None:
    budget = FrameBudget(rate=10, burst=3, now=0.0)
    assert [budget.spend(1000.0) for _ in range(4)] == [True, True, True, False]


def test_an_empty_agenda_has_nothing_due() -> None:
    agenda = Agenda()
    assert agenda.next_due() is None
    assert agenda.pop(1.0) is None


def test_what_is_due_now_comes_in_the_order_of_asking() -> None:
    agenda = Agenda()
    assert [agenda.add(run, 1.0, 1.0) for run in "bac"] == [True, True, True]
    assert agenda.next_due() == 0.0
    assert [agenda.pop(1.0) for _ in range(4)] == ["b", "a", "c", None]


def test_what_is_due_later_waits() -> None:
    agenda = Agenda()
    agenda.add("a", 2.0, 1.0)
    assert agenda.next_due() == 2.0
    assert agenda.pop(1.9) is None
    assert agenda.pop(2.0) == "a"
    assert agenda.next_due() is None


def test_an_earlier_time_replaces_a_later_one_and_not_the_other_way_round() -> None:
    agenda = Agenda()
    agenda.add("a", 5.0, 1.0)
    assert not agenda.add("a", 6.0, 1.0)
    assert agenda.add("a", 3.0, 1.0)
    assert agenda.pop(3.0) == "a"
    assert agenda.pop(9.0) is None


def test_what_becomes_due_at_once_is_not_due_again_later() -> None:
    agenda = Agenda()
    agenda.add("a", 5.0, 1.0)
    assert agenda.add("a", 1.0, 1.0)
    assert not agenda.add("a", 4.0, 1.0)
    assert agenda.pop(1.0) == "a"
    assert agenda.pop(9.0) is None


def test_what_was_taken_off_is_not_due() -> None:
    agenda = Agenda()
    agenda.add("now", 1.0, 1.0)
    agenda.add("later", 5.0, 1.0)
    agenda.discard("now")
    agenda.discard("later")
    agenda.discard("never")
    assert agenda.next_due() is None
    assert agenda.pop(9.0) is None


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from("abc"), st.integers(0, 8)),
        st.tuples(st.just("discard"), st.sampled_from("abc"), st.just(0)),
        st.tuples(st.just("pop"), st.just(""), st.integers(0, 3)),
    )
)


@given(STEPS)
def test_a_run_is_due_at_the_earliest_of_its_times_and_once(steps: list[tuple[str, str, int]]) -> None:
    agenda, now, due = Agenda(), 0.0, dict[str, float]()
    for step, run, amount in steps:
        if step == "add":
            agenda.add(run, now + amount, now)
            due[run] = min(due.get(run, now + amount), now + amount)
        elif step == "discard":
            agenda.discard(run)
            due.pop(run, None)
        else:
            now += amount
            popped = agenda.pop(now)
            if popped is None:
                assert all(at > now for at in due.values())
            else:
                assert due.pop(popped) <= now
        expected = min(due.values(), default=None)
        found = agenda.next_due()
        assert (found is None) == (expected is None)
        assert found is None or expected is None or found == expected or (found == 0.0 and expected <= now)

"""What is kept of a run that is published faster than it is read."""

from hypothesis import given
from hypothesis import strategies as st

from server.contract.run import Revision
from server.live.news import News, Removal
from server.live.slot import Slot
from tests.states import RUN, state_of


def state(seq: int, attempt: int = 1) -> News:
    return News(state_of(rev=(attempt, seq), attempt=attempt))


def final(seq: int, attempt: int = 1) -> News:
    return News(state_of(rev=(attempt, seq), attempt=attempt, status="Completed"))


def removal(generation: int, seq: int = 0) -> Removal:
    return Removal(RUN, Revision(generation, seq))


def holding(*items: News | Removal) -> Slot:
    slot = Slot()
    for item in items:
        slot.offer(item)
    return slot


def test_an_empty_slot_is_false() -> None:
    slot = Slot()
    assert not slot
    assert slot.take() == []


def test_the_highest_revision_wins_whatever_the_order() -> None:
    newest = state(3)
    assert holding(state(1), newest, state(2)).take() == [newest]


def test_an_unsent_final_is_never_replaced() -> None:
    end, after = final(5), state(2, attempt=2)
    assert holding(end, state(1, attempt=2), after).take() == [end, after]


def test_a_final_drops_the_states_before_it() -> None:
    end = final(5)
    assert holding(state(4), end, state(3)).take() == [end]


def test_a_final_that_comes_late_still_goes_first() -> None:
    end, after = final(5), state(1, attempt=2)
    assert holding(after, end).take() == [end, after]


def test_a_second_final_waits_behind_the_first_as_the_newer_state() -> None:
    first, second = final(5), final(5, attempt=2)
    assert holding(first, state(1, attempt=2), second).take() == [first, second]


def test_a_final_is_kept_once() -> None:
    end = final(5)
    slot = holding(end)
    assert not slot.offer(final(5))
    assert slot.take() == [end]


def test_a_removal_stands_between_what_was_and_what_comes() -> None:
    end, gone, again = final(5), removal(2), state(1, attempt=3)
    assert holding(end, gone, again).take() == [end, gone, again]


def test_a_removal_drops_the_states_before_it() -> None:
    gone = removal(2)
    assert holding(state(5), gone, state(6)).take() == [gone]


def test_a_removal_of_a_revision_that_is_held_as_final_is_refused() -> None:
    end = final(5)
    slot = holding(end)
    assert not slot.offer(removal(1, 5))
    assert slot.take() == [end]


def test_a_removal_and_what_it_removed_can_be_dropped_for_a_later_run() -> None:
    slot = holding(final(5), removal(2), again := state(1, attempt=3))
    slot.drop_removed_before(Revision(3, 1))
    assert slot.take() == [again]


def test_a_removal_that_is_newer_than_the_read_stays() -> None:
    slot = holding(gone := removal(2))
    slot.drop_removed_before(Revision(1, 9))
    assert slot.take() == [gone]


def test_the_states_of_older_attempts_can_be_dropped() -> None:
    slot = holding(final(5), again := state(1, attempt=2))
    slot.drop_before(2)
    assert slot.take() == [again]


ITEMS = st.tuples(st.integers(1, 4), st.integers(1, 4), st.sampled_from([state, final, removal])).map(
    lambda made: made[2](made[0], made[1])
)


@given(st.lists(ITEMS, max_size=12))
def test_whatever_is_offered_comes_out_in_rising_order_and_never_more_than_three(items: list[News | Removal]) -> None:
    slot = holding(*items)
    taken = slot.take()
    revisions = [item.rev for item in taken]
    assert revisions == sorted(set(revisions))
    assert sum(isinstance(item, News) for item in taken) <= 2
    assert len(taken) <= 3
    assert not slot


@given(st.lists(ITEMS, min_size=1, max_size=12))
def test_the_highest_revision_offered_is_never_lost(items: list[News | Removal]) -> None:
    assert holding(*items).take()[-1].rev == max(item.rev for item in items)

"""A space numbers its sets both ways, however many there are."""

import msgspec
import numpy as np
import pytest

from server.optimization.space import Space, Steps

SPACE = Space(names=["fastPeriod", "exits"], values=[[5, 6], [True, False]])
TENTHS = Steps(first=1, stride=2, scale=10, count=4, whole=False)


def test_the_last_parameter_runs_fastest_and_indices_go_both_ways() -> None:
    assert [tuple(SPACE.at(index).values()) for index in range(4)] == [(5, True), (5, False), (6, True), (6, False)]
    assert [SPACE.index_of(SPACE.at(index)) for index in range(4)] == [0, 1, 2, 3]
    assert SPACE.strides() == [2, 1]


def test_a_space_without_the_set_has_no_index_for_it() -> None:
    with pytest.raises(IndexError):
        SPACE.at(4)
    with pytest.raises(ValueError):
        SPACE.index_of({**SPACE.at(0), "fastPeriod": 11})
    with pytest.raises(ValueError):
        SPACE.index_of({"fastPeriod": 5})


def test_the_size_of_a_huge_product_is_known_without_visiting_it() -> None:
    wide = Steps(first=0, stride=1, scale=1, count=100_000, whole=True)
    space = Space(names=["a", "b", "c"], values=[wide, wide, wide])
    assert space.size == 10**15
    assert space.at(10**15 - 1) == {"a": 99_999, "b": 99_999, "c": 99_999}


def test_a_range_is_its_values_without_being_laid_out() -> None:
    assert list(TENTHS) == [0.1, 0.3, 0.5, 0.7]
    assert [TENTHS.index(value) for value in TENTHS] == [0, 1, 2, 3]
    assert TENTHS.take(np.array([3, 0])).tolist() == [0.7, 0.1]
    with pytest.raises(IndexError):
        TENTHS[4]


@pytest.mark.parametrize("value", [0.2, 0.9, -0.1, "0.1"])
def test_a_value_beside_the_steps_of_a_range_has_no_position(value: float | str) -> None:
    with pytest.raises(ValueError):
        TENTHS.index(value)


def test_a_space_travels_with_its_ranges() -> None:
    space = Space(names=["a", "b"], values=[TENTHS, ["long", "short"]])
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(space), type=Space) == space

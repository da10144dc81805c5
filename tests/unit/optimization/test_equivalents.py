"""Equivalent sets stand together, and none is lost."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.contract.base import ParamValue
from server.optimization.equivalents import count_groups, grouped, read_groups, write_groups
from server.optimization.space import AxisValues, Space, Steps

SPACE = Space(names=["fast", "slow"], values=[[1, 2, 3], [1, 2, 3]])


def ordered(parameters: Mapping[str, ParamValue]) -> tuple[ParamValue, ...]:
    """Two periods in either order are one."""
    return tuple(sorted(parameters.values(), key=float))


def everything(space: Space) -> np.ndarray:
    return np.arange(space.size)


def test_groups_stand_where_their_first_sets_would() -> None:
    found = grouped(everything(SPACE), SPACE, ordered)
    assert [tuple(SPACE.at(number).values()) for number in found.sets.tolist()] == [
        (1, 1),
        (1, 2),
        (2, 1),
        (1, 3),
        (3, 1),
        (2, 2),
        (2, 3),
        (3, 2),
        (3, 3),
    ]
    assert found.groups.tolist() == [0, 1, 1, 2, 2, 3, 4, 4, 5]


@given(
    lengths=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    markets=st.integers(0, 2),
    left_out=st.sets(st.integers(0, 130)),
    divisor=st.integers(1, 5),
)
def test_every_set_is_in_one_group_with_its_like(
    lengths: list[int], markets: int, left_out: set[int], divisor: int
) -> None:
    data: list[AxisValues] = [[f"{number}/X/1h" for number in range(markets)]] if markets else []
    own: list[AxisValues] = [list(range(length)) for length in lengths]
    names = ["dataSubscription"] * len(data) + [f"p{place}" for place in range(len(own))]
    space = Space(names=names, values=data + own)
    sets = np.array([number for number in range(space.size) if number not in left_out], dtype=np.int64)

    def coarse(parameters: Mapping[str, ParamValue]) -> tuple[ParamValue, ...]:
        return tuple(int(value) // divisor for value in parameters.values())

    def work(number: int) -> tuple[object, ...]:
        parameters = space.at(number)
        return parameters.pop("dataSubscription", None), coarse(parameters)

    found = grouped(sets, space, coarse)
    assert sorted(found.sets.tolist()) == sets.tolist()
    by_group: dict[int, set[object]] = {}
    for number, group in zip(found.sets.tolist(), found.groups.tolist(), strict=True):
        by_group.setdefault(group, set()).add(work(number))
    assert all(len(works) == 1 for works in by_group.values())
    assert len(by_group) == len({work(number) for number in sets.tolist()})
    assert np.all(np.diff(found.groups) >= 0)
    if len(sets):
        assert count_groups(sets, space, coarse, budget_s=60.0) == (len(by_group), True)


def test_what_there_is_no_time_to_count_is_estimated_from_some() -> None:
    side = Steps(first=1, stride=1, scale=1, count=300, whole=True)
    space = Space(names=["fast", "slow"], values=[side, side])
    looked_at = []

    def slow(parameters: Mapping[str, ParamValue]) -> tuple[ParamValue, ...]:
        looked_at.append(parameters)
        return ordered(parameters)

    counted = count_groups(everything(space), space, slow, budget_s=0.01)
    assert not counted.exact
    assert 0 < len(looked_at) < space.size
    assert counted.sets == pytest.approx(300 * 301 / 2, rel=0.5)


def test_a_sample_is_counted_by_the_sets_that_stay_what_they_are() -> None:
    side = Steps(first=1, stride=1, scale=1, count=300, whole=True)
    space = Space(names=["fast", "slow"], values=[side, side])
    counted = count_groups(np.arange(0, space.size, 91), space, ordered, budget_s=60.0, sample=True)
    assert not counted.exact
    assert counted.sets == pytest.approx(space.size / 91 / 2, rel=0.1)


def test_groups_are_read_as_they_were_written(tmp_path: Path) -> None:
    found = grouped(everything(SPACE), SPACE, ordered)
    write_groups(tmp_path / "groups.npz", found)
    again = read_groups(tmp_path / "groups.npz")
    assert (again.sets.tolist(), again.groups.tolist()) == (found.sets.tolist(), found.groups.tolist())

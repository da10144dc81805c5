"""Sets of parameters that a strategy's `normalize` makes one: they are the same trial."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from server.contract.base import ParamValue
from server.engine.tables import write_columns
from server.optimization.selection import Counted
from server.optimization.space import Space

Ints = npt.NDArray[np.int64]
Form = tuple[ParamValue, ...]
Normalize = Callable[[Mapping[str, ParamValue]], Form]
"""The values of all parameters as `normalize` leaves them; as they were where it raises."""


class Groups(NamedTuple):
    """An order in which equivalent sets stand together: `sets`, and the `groups` that they are in, rising from 0."""

    sets: Ints
    groups: Ints


def grouped(sets: Ints, space: Space, normalize: Normalize) -> Groups:
    """The sets, which rise, in the order of the first ones of their groups; those of two data sets are never one."""
    inner = space.inner
    own, place = np.unique(sets % inner.size, return_inverse=True)
    forms: dict[Form, int] = {}
    labels = np.array([forms.setdefault(normalize(inner.at(number)), len(forms)) for number in own.tolist()])
    of_sets = sets // inner.size * len(forms) + labels[place]
    _, first, group = np.unique(of_sets, return_index=True, return_inverse=True)
    order = np.argsort(first[group], kind="stable")
    begins = np.diff(of_sets[order], prepend=-1) != 0
    return Groups(sets[order], np.cumsum(begins) - 1)


def count_groups(sets: Ints, space: Space, normalize: Normalize, *, budget_s: float, sample: bool = False) -> Counted:
    """How many groups there are; estimated when the sets are but a `sample`, of which many have their like outside,
    or when the time is over before all were looked at.

    Then by the share of sets that are what they are normalised to: those are as many as there are groups, where what
    sets are normalised to is among the sets.
    """
    inner = space.inner
    own, place = np.unique(sets % inner.size, return_inverse=True)
    forms: dict[Form, int] = {}
    labels = np.empty(len(own), dtype=np.int64)
    kept = 0
    end = time.monotonic() + budget_s
    for done, at in enumerate(np.random.Generator(np.random.PCG64(0)).permutation(len(own)).tolist()):
        if done and time.monotonic() > end:
            return Counted(max(1, round(len(sets) * kept / done)), exact=False)
        parameters = inner.at(int(own[at]))
        form = normalize(parameters)
        labels[at] = forms.setdefault(form, len(forms))
        kept += form == tuple(parameters.values())
    if sample:
        return Counted(round(len(sets) * kept / max(len(own), 1)), exact=False)
    return Counted(len(np.unique(sets // inner.size * len(forms) + labels[place])), exact=True)


def write_groups(path: Path, groups: Groups) -> None:
    """Writes them whole or not at all; OSError when the disk is full."""
    write_columns(path, groups._asdict())


def read_groups(path: Path) -> Groups:
    """What `write_groups` wrote; OSError or ValueError when it is not there."""
    with np.load(path, allow_pickle=False) as columns:
        return Groups(columns["sets"], columns["groups"])

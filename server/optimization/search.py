"""Searches that learn: which sets to run next, by what earlier ones came to."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from server.optimization.space import Space, Steps

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution
    from optuna.samplers import BaseSampler
    from optuna.trial import Trial

LEARNING: Final = ("tpe", "genetic", "nsga2")
BATCH: Final = 32
"""Sets asked for at once, whatever the number of workers: it is part of what decides the answer."""
_REPEATS: Final = BATCH
"""Suggestions of no use in one batch, until sets near them take their place: each costs as much as one of use, and
makes all later ones slower."""
_STEPS: Final = 200
"""Steps from a suggestion in search of a set near it, until any set will do."""

Values = tuple[float, ...] | None
"""What a trial came to, a number for each objective; None of one that failed, or may not lead."""


class Search:
    """Suggests sets of a space in batches, none twice; the same ones for the same seed and the same answers.

    Needs the package optuna. What is suggested are positions on the axes, so every suggestion is a set.
    """

    def __init__(
        self,
        method: str,
        space: Space,
        allowed: npt.NDArray[np.int64] | None,
        *,
        seed: int,
        larger: Sequence[bool],
        interrupted: Callable[[], bool] = lambda: False,
    ) -> None:
        """`allowed`: the sets to choose from, rising, None for all; `larger`: which objectives are to be large;
        `interrupted`: whether nobody waits for what it suggests any more.
        """
        self._interrupted = interrupted
        import optuna  # of no use but here, and in no process but a coordinator

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        self._failed = optuna.trial.TrialState.FAIL
        self._allowed = allowed
        self._size = space.size if allowed is None else len(allowed)
        self._strides = space.strides()
        self._lengths = [len(values) for values in space.values]
        self._axes = {str(axis): _distribution(values) for axis, values in enumerate(space.values) if len(values) > 1}
        self._study = optuna.create_study(
            sampler=_sampler(method, seed), directions=["maximize" if one else "minimize" for one in larger]
        )
        self._random = np.random.RandomState(seed % 2**32)  # the one whose draws never change
        self._asked: dict[int, Trial] = {}
        self._values: dict[int, Values] = {}

    def ask(self, count: int) -> list[int]:
        """The numbers of so many sets that were not asked for before; fewer where there are no more, or interrupted."""
        count = min(count, self._size - len(self._asked))
        batch: list[int] = []
        repeats, repeated = 0, 0
        while len(batch) < count and not self._interrupted():
            if repeats == _REPEATS:
                self._study.enqueue_trial(self._positions(self._near(repeated)))
            trial = self._study.ask(self._axes)
            number = self._number(trial.params)
            if self._is_new(number):
                self._asked[number] = trial
                batch.append(number)
            else:
                self._answer(trial, self._values.get(number))
                repeats, repeated = repeats + 1, number
        return batch

    def tell(self, sets: Sequence[int], values: Sequence[Values]) -> None:
        """What the sets of the oldest batch came to, in the order in which they were asked for."""
        for number, value in zip(sets, values, strict=True):
            self._values[number] = value
            self._answer(self._asked[number], value)

    def _number(self, positions: dict[str, Any]) -> int:
        return int(sum(at * self._strides[int(axis)] for axis, at in positions.items()))

    def _positions(self, number: int) -> dict[str, Any]:
        return {axis: number // self._strides[int(axis)] % self._lengths[int(axis)] for axis in self._axes}

    def _answer(self, trial: "Trial", value: Values) -> None:
        if value is None:
            self._study.tell(trial, state=self._failed)
        else:
            self._study.tell(trial, list(value))

    def _is_new(self, number: int) -> bool:
        return number not in self._asked and self._is_allowed(number)

    def _is_allowed(self, number: int) -> bool:
        if self._allowed is None:
            return True
        place = int(np.searchsorted(self._allowed, number))
        return place < len(self._allowed) and int(self._allowed[place]) == number

    def _near(self, number: int) -> int:
        """A set that was not asked for: the first one on a random walk from another one."""
        positions, axes = self._positions(number), list(self._axes)
        for _ in range(_STEPS):
            axis = axes[self._below(len(axes))]
            at = positions[axis] + 2 * self._below(2) - 1
            positions[axis] = min(max(at, 0), self._lengths[int(axis)] - 1)
            if self._is_new(found := self._number(positions)):
                return found
        return self._drawn()

    def _drawn(self) -> int:
        """A set that was not asked for: the first one from a random place on."""
        place = self._below(self._size)
        while True:
            number = place if self._allowed is None else int(self._allowed[place])
            if number not in self._asked:
                return number
            place = (place + 1) % self._size

    def _below(self, count: int) -> int:
        return int(self._random.random_sample() * count)


def _sampler(method: str, seed: int) -> "BaseSampler":
    from optuna.samplers import NSGAIISampler, TPESampler

    if method == "tpe":
        # sets under way count as bad ones, so that a batch is spread out
        return TPESampler(seed=seed % 2**32, multivariate=True, constant_liar=True, n_startup_trials=BATCH)
    # of one objective its generations are those of a plain genetic search
    return NSGAIISampler(seed=seed % 2**32, population_size=BATCH)


def _distribution(values: Any) -> "BaseDistribution":
    """Positions on an axis: of numbers those near each other are alike, choices and booleans are not."""
    from optuna.distributions import CategoricalDistribution, IntDistribution

    if isinstance(values, Steps) or not isinstance(values[0], str | bool):
        return IntDistribution(0, len(values) - 1)
    return CategoricalDistribution(list(range(len(values))))

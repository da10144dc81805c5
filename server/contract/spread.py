"""How the trials of an optimization are spread: some of them whole, and the values of one metric over all."""

from server.contract.base import Model, ParamValue


class Sample(Model, frozen=True, kw_only=True):
    """Trials as columns, best first by the first of `metrics`; those in which one of these is undefined are left out.

    Of more than were asked for it has those that lie evenly through the ranking, the best and the worst among them,
    and all that are on the Pareto front. `defined` counts what it was taken from, of `trials` finished ones.
    """

    metrics: list[str]
    parameters: dict[str, list[ParamValue]]
    values: list[list[float]]
    index: list[int]
    trial_key: list[str]
    on_front: list[int]
    """The places in the columns of the trials that no other one beats in all objectives."""
    defined: int
    trials: int
    total: int
    result_attempt: int


class Distribution(Model, frozen=True, kw_only=True):
    """How many trials have how much of a metric: `counts` in even steps from `low` to `high`.

    A few freak values at either end must not press all others into one step: those beyond `low` and `high`, at most one
    in two hundred each, are `below` and `above`. `quartiles` are the lower one, the median and the upper one.
    """

    metric: str
    low: float | None
    high: float | None
    counts: list[int]
    below: int
    above: int
    min: float | None
    max: float | None
    mean: float | None
    quartiles: tuple[float, float, float] | None
    positive: int
    defined: int
    trials: int
    total: int
    result_attempt: int

"""A metric over two parameters of an optimization."""

from typing import Literal

from server.contract.base import Model, ParamValue

Fold = Literal["best", "median", "mean"]


class Surface(Model, frozen=True, kw_only=True):
    """The grid of a heat map; rows are values of `y`, columns values of `x`.

    A cell folds the trials of all other parameters: `values` has what they come to, null while there is none whose
    metric is defined, `counts` how many of those there are. Axes of many values are folded into bins: `xValues` has
    the first value of each, `xBins` its first and last (null: every value is a column of its own). `trials` of `total`
    are finished; `min` and `max` bound `values`.
    """

    x: str
    y: str
    metric: str
    fold: Fold
    x_values: list[ParamValue]
    y_values: list[ParamValue]
    x_bins: list[tuple[ParamValue, ParamValue]] | None
    y_bins: list[tuple[ParamValue, ParamValue]] | None
    trials: int
    total: int
    min: float | None
    max: float | None
    values: list[list[float | None]]
    counts: list[list[int]]
    result_attempt: int

"""The sets of parameters that an optimization visits."""

from server.contract.base import Model, ParamValue


class Space(Model, frozen=True, kw_only=True):
    """A grid: every parameter with the values it takes, in the order of the strategy's parameters.

    Set `index` is the mixed-radix number of its values' positions, the last parameter running fastest.
    """

    names: list[str]
    values: list[list[ParamValue]]

"""Where the frozen copy of a strategy is found."""

from typing import Final

from server.contract.base import Model
from server.contract.catalogue import StrategyInfo

MODULE_PREFIX: Final = "forge_source_"
"""Modules of frozen copies are `forge_source_<hash>.<module>` in sys.modules: two versions live side by side."""


class StrategySource(Model, frozen=True, kw_only=True):
    """A frozen copy of a strategy: class `class_name` of `module` under `directory`, named by `source_hash`."""

    name: str
    version: str
    source_hash: str
    directory: str
    module: str
    class_name: str


class FoundStrategy(Model, frozen=True, kw_only=True):
    """One strategy with the place of its frozen copy (None when it does not load).

    `normalizes`: it has a `normalize` of its own, so that different sets of parameters may be one.
    """

    info: StrategyInfo
    source: StrategySource | None
    normalizes: bool = False

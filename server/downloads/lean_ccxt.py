"""Loads no more of ccxt than is asked for."""

import sys
from importlib.util import find_spec, module_from_spec


def lean_ccxt() -> None:
    """From now on importing a part of ccxt loads that part; ImportError when there is none.

    By itself the package loads all of its hundred exchanges, which takes four times as long as the one that is wanted.
    """
    if "ccxt" in sys.modules:
        return
    spec = find_spec("ccxt")
    if spec is None:
        raise ImportError("ccxt is not installed")
    sys.modules["ccxt"] = module_from_spec(spec)  # knows where its parts are; what would load them all is not run

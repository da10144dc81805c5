"""The reader of result files as the routes know it."""

from typing import Protocol


class Results(Protocol):
    """Reads the files that workers left in the folder of an attempt; stub, to be agreed with the store."""

"""Memory for journals that is used for run after run."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from server.engine.journal import ENTRY_DTYPE
from server.engine.kernel.records import MAX_NOTES

_FIRST_ROWS: Final = 8 * MAX_NOTES


class Shelf:
    """One journal. Memory that was used before costs no page faults, which take longer than what is written to it."""

    def __init__(self) -> None:
        self._journal = np.zeros(_FIRST_ROWS, dtype=ENTRY_DTYPE)

    def journal(self, rows: int, used: int) -> npt.NDArray[Any]:
        """At least `rows` entries, the first `used` of them kept."""
        if len(self._journal) < rows:
            larger = np.zeros(max(rows, 2 * len(self._journal)), dtype=ENTRY_DTYPE)
            larger[:used] = self._journal[:used]
            self._journal = larger
        return self._journal

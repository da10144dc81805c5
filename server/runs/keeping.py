"""Stores how far runs are, now and then: what a killed owner leaves then tells more than that they began."""

import asyncio
import logging
from typing import Final

from server.contract.problems import ForgeError
from server.runs.ledger import Ledger

_log: Final = logging.getLogger(__name__)
_INTERVAL_S: Final = 2.0
"""Only what runs is stored, which are few; a state that is two seconds old is better than none."""


async def keep_progress(ledger: Ledger) -> None:
    """For ever. A store that cannot keep it loses nothing else: the next one replaces it."""
    while True:
        await asyncio.sleep(_INTERVAL_S)
        try:
            await ledger.keep_progress()
        except ForgeError as error:
            _log.debug("progress could not be kept", extra={"code": error.code})

"""The forms of a file of bars: their media types, and the first bytes that give them away."""

from typing import Final

CSV: Final = "text/csv"
PARQUET: Final = "application/vnd.apache.parquet"
ARROW_FILE: Final = "application/vnd.apache.arrow.file"
"""Feather, since its version 2."""
BARS_MEDIA: Final = (CSV, PARQUET, ARROW_FILE)
_MAGIC: Final = {b"PAR1": PARQUET, b"ARROW1": ARROW_FILE}
MAGIC_BYTES: Final = 6
"""So many bytes tell."""


def media_type_of(beginning: bytes) -> str:
    """The media type of a file that begins so; CSV when nothing speaks against it."""
    return next((media for magic, media in _MAGIC.items() if beginning.startswith(magic)), CSV)

"""Opens a file of rows as what it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from server.contract.media import ARROW_FILE, CSV, MAGIC_BYTES, PARQUET, media_type_of
from server.contract.problems import ForgeError
from server.data.bad_rows import BadRows
from server.data.columns import Columns, Piece
from server.data.csv_text import read_pieces

_CALLED: Final = {CSV: "CSV", PARQUET: "Parquet", ARROW_FILE: "Feather (an Arrow file)"}


def open_pieces(
    path: Path, media_type: str | None, wanted: Columns, *, quarantine: bool
) -> tuple[Iterator[Piece], BadRows]:
    """The rows of the file, and where its bad ones are noted; `media_type` None lets its first bytes decide.

    Raises ForgeError `bad_rows` for a file that is not what it is said to be, `not_supported` when pyarrow is missing.
    """
    with path.open("rb") as file:
        found = media_type_of(file.read(MAGIC_BYTES))
    if media_type not in (None, found):
        other = f"it is {_CALLED[found]}: send it as {found}" if found != CSV else "its first bytes are others"
        raise ForgeError("bad_rows", f"The file is no {_CALLED.get(media_type or '', media_type)}; {other}.")
    if found == CSV:
        bad = BadRows("line", quarantine=quarantine)
        return read_pieces(path, wanted, bad), bad
    try:
        # here alone: it is an extra, slow to load, and the serving process has no use for it
        from server.data.arrow_tables import read_tables
    except ImportError as error:
        raise ForgeError(
            "not_supported",
            f'{_CALLED[found]} takes pyarrow, which the server does not have: pip install "algotradeforge[arrow]", '
            "or send CSV.",
        ) from error
    bad = BadRows("row", quarantine=quarantine)
    return read_tables(path, found, wanted, bad), bad

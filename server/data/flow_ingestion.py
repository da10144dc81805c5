"""Imports a file of cash flows: checks every row, publishes whole or not at all."""

import time
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np

from server.contract.catalogue import CashFlowKind, DatasetInfo
from server.contract.problems import ForgeError
from server.data.bad_rows import BadRows
from server.data.bars import Int64s
from server.data.columns import DIVIDENDS, FUNDING, Columns, Piece
from server.data.decimals import read_exactly
from server.data.files import open_pieces
from server.data.flows import AMOUNT_DECIMALS, FLOWS_FILE, write_flows
from server.data.gaps import GapReport
from server.data.instrument import Instrument
from server.data.naming import infer_quote, normal_name
from server.data.row_checks import check_order, read_times, refuser
from server.data.staging import Draft, staged, write_synced
from server.data.stored import QUARANTINE_FILE
from server.data.timestamps import TimeReader

_MOST_ROWS: Final = 10_000_000
"""They are read into memory: an asset pays a few times a day at most."""
_WHOLE: Final = 10**AMOUNT_DECIMALS
_LARGEST: Final = 2**62


class _Form(NamedTuple):
    """How a kind is written: its columns, which of them is the amount, and what that must lie within (in 1e-9)."""

    columns: Columns
    amount: str
    least: int
    most: int
    bounds: str


_FORMS: Final[dict[CashFlowKind, _Form]] = {
    "funding": _Form(FUNDING, "rate", -_WHOLE, _WHOLE, "is not within -1 and 1; 0.0001 is 0.01 %"),
    "dividends": _Form(DIVIDENDS, "amount", 0, _LARGEST, "is negative"),
}


class FlowOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a file beside its content; the rest as in `ImportOrder`."""

    kind: CashFlowKind
    asset_name: str
    exchange: str
    quote: str | None = None
    source: str = ""
    synthetic: bool = False
    media_type: str | None = None
    quarantine: bool = False


def import_flows(path: Path, root: Path, order: FlowOrder) -> tuple[DatasetInfo, bool]:
    """Puts the cash flows of `path` into the catalogue at `root`; the version, and whether it is new.

    Raises ForgeError `bad_rows` with line numbers, InvalidRequest for names that are none, `disk_full`, `not_supported`
    for a form that takes a package which is not installed.
    """
    asset_name = normal_name(order.asset_name, "assetName")
    quote = order.quote or infer_quote(asset_name)
    with staged(root) as stage:
        flows, bad = _read(path, order)
        draft = Draft(
            instrument=Instrument(
                asset_name=asset_name,
                exchange=normal_name(order.exchange, "exchange"),
                tick_size=Decimal(1).scaleb(-AMOUNT_DECIMALS),
                lot_size=Decimal(1),
                quote=quote,
            ),
            time_frame=order.kind,
            content_hash=write_flows(stage.dataset / FLOWS_FILE, order.kind, quote, flows),
            rows=flows.shape[1],
            first_ms=int(flows[0, 0]),
            last_ms=int(flows[0, -1]),
            gaps=GapReport([], 0),
            quarantined=bad.count,
            source=order.source or "imported file",
            synthetic=order.synthetic,
            ingested_ms=time.time_ns() // 1_000_000,
            kind=order.kind,
        )
        if bad.count:
            write_synced(stage.dataset / QUARANTINE_FILE, bad.report().encode())
        info, created = stage.publish(draft)
        return msgspec.structs.replace(info, quarantined=bad.count), created


def _read(path: Path, order: FlowOrder) -> tuple[Int64s, BadRows]:
    """Checks every row; the good ones as (2, n) int64, n > 0."""
    form = _FORMS[order.kind]
    pieces, bad = open_pieces(path, order.media_type, form.columns, quarantine=order.quarantine)
    times = TimeReader()
    kept: list[Int64s] = []
    rows = 0
    before: tuple[int, int] | None = None
    for piece in pieces:
        ts_ms = read_times(piece, times, bad)
        amounts = _amounts(piece, form, bad)
        before = check_order(ts_ms, piece.numbers, before, bad)
        good = bad.good(piece.numbers)
        bad.end_piece()
        kept.append(np.stack([ts_ms[good], amounts[good]]))
        rows += kept[-1].shape[1]
        if rows > _MOST_ROWS:
            raise ForgeError("bad_rows", f"The file holds more than {_MOST_ROWS:,} rows; are these {order.kind}?")
    bad.settle(rows)
    if not rows:
        raise ForgeError("bad_rows", f"The file holds no rows of {order.kind}.")
    return np.concatenate(kept, axis=1), bad


def _amounts(piece: Piece, form: _Form, bad: BadRows) -> Int64s:
    """(n,) int64 in 1e-9."""
    refuse = refuser(piece, bad, form.amount)
    amounts = read_exactly(piece.columns[form.amount], AMOUNT_DECIMALS, refuse)
    for row in np.flatnonzero((amounts < form.least) | (amounts > form.most)):
        refuse(int(row), form.bounds)
    return amounts

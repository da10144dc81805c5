"""Imports a file of bars: checks every row, infers the units, publishes whole or not at all."""

import time
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np

from server.contract.catalogue import DatasetInfo
from server.contract.problems import ForgeError, InvalidRequest
from server.data.bad_rows import BadRows
from server.data.bars import BARS_FILE, TS, VOLUME, Int64s, open_bars, write_bars
from server.data.columns import BARS, PRICES, Piece
from server.data.decimals import Scaled, read_decimals
from server.data.files import open_pieces
from server.data.gaps import find_gaps, measure_spacing
from server.data.instrument import MAX_MONEY_DECIMALS, MAX_PRICE, MAX_VALUE, Instrument
from server.data.naming import infer_quote, normal_name
from server.data.row_checks import check_order, read_times, refuser
from server.data.spool import Spool
from server.data.staging import Draft, staged, write_synced
from server.data.stored import QUARANTINE_FILE
from server.data.time_frames import TimeFrame, parse_time_frame, time_frame_name
from server.data.timestamps import TimeReader

_LOT_DECIMALS: Final = 8
_INFER_ROWS: Final = 100
"""With fewer rows a common divisor of the prices is chance: then the decimals written decide."""
_STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5))
_TOO_WIDE: Final = "Numbers this large with so many decimals cannot be kept exactly."
_LARGEST: Final = 2**62
_NOISE: Final = Decimal("1e-6")
"""By this share of a tick a price may miss it: what printing a binary float in full leaves."""


class ImportOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a file beside its content; sizes that are None are inferred. `source` says where it is from.

    `media_type` says what it is, None that its first bytes do. With `quarantine` bad rows are left out and counted.
    """

    asset_name: str
    exchange: str
    time_frame: str
    tick_size: Decimal | None = None
    lot_size: Decimal | None = None
    quote: str | None = None
    multiplier: Decimal | None = None
    source: str = ""
    synthetic: bool = False
    media_type: str | None = None
    quarantine: bool = False


class _Sizes(NamedTuple):
    """Tick size in quote currency, lot size in units."""

    tick: Decimal
    lot: Decimal


def import_bars(path: Path, root: Path, order: ImportOrder) -> tuple[DatasetInfo, bool]:
    """Puts the bars of `path` into the catalogue at `root`; the version, and whether it is new.

    Raises ForgeError `bad_rows` with line numbers, InvalidRequest for an order that does not fit, `disk_full`,
    `not_supported` for a form that takes a package which is not installed. The count of rows left out is that of this
    file, even when its other bars are there already.
    """
    frame = parse_time_frame(order.time_frame)
    asset_name = normal_name(order.asset_name, "assetName")
    exchange = normal_name(order.exchange, "exchange")
    with staged(root) as stage:
        spool, bad = _read(path, stage.scratch, order)
        sizes = _sizes(spool, order)
        instrument = Instrument(
            asset_name=asset_name,
            exchange=exchange,
            tick_size=sizes.tick,
            lot_size=sizes.lot,
            quote=order.quote or infer_quote(asset_name),
            multiplier=order.multiplier or Decimal(1),
        )
        _ = instrument.money_decimals  # refuses sizes whose products cannot be counted
        content_hash = _write(stage.dataset / BARS_FILE, spool, instrument, order)
        times = open_bars(stage.dataset)[TS]
        _check_frame(times, frame)
        draft = Draft(
            instrument=instrument,
            time_frame=frame.name,
            content_hash=content_hash,
            rows=spool.rows,
            first_ms=int(times[0]),
            last_ms=int(times[-1]),
            gaps=find_gaps(times, frame.ms),
            quarantined=bad.count,
            source=order.source or "imported file",
            synthetic=order.synthetic,
            ingested_ms=time.time_ns() // 1_000_000,
        )
        if bad.count:
            write_synced(stage.dataset / QUARANTINE_FILE, bad.report().encode())
        info, created = stage.publish(draft)
        return msgspec.structs.replace(info, quarantined=bad.count), created


class _AbsurdPrice(Exception):
    """A price that no account could pay."""


def _read(path: Path, scratch: Path, order: ImportOrder) -> tuple[Spool, BadRows]:
    """Checks every row; the numbers of the good ones wait in the scratch folder, however many there are."""
    pieces, bad = open_pieces(path, order.media_type, BARS, quarantine=order.quarantine)
    times = TimeReader()
    spool = Spool(scratch)
    before: tuple[int, int] | None = None  # the latest time and the number of its row
    for piece in pieces:
        ts_ms = read_times(piece, times, bad)
        prices = _prices(piece, bad)
        volume = _volume(piece, bad)
        _check_prices(prices, piece.numbers, bad)
        before = check_order(ts_ms, piece.numbers, before, bad)
        good = bad.good(piece.numbers)
        bad.end_piece()
        if good.any() and (order.quarantine or not bad.count):
            spool.add(ts_ms[good], [column.only(good) for column in prices], volume.only(good))
    bad.settle(spool.rows)
    if not spool.rows:
        raise ForgeError("bad_rows", "The file holds no rows of bars.")
    return spool, bad


def _write(path: Path, spool: Spool, instrument: Instrument, order: ImportOrder) -> str:
    """Writes the bars in their final units; their content hash."""
    sizes = _Sizes(instrument.tick_size, instrument.lot_size)
    most = min(MAX_PRICE, MAX_VALUE // instrument.money_per_tick_lot)
    try:
        with path.open("wb") as file:
            return write_bars(file, instrument, spool.rows, lambda row: _row(spool, row, sizes, most))
    except _AbsurdPrice as error:
        if order.lot_size is not None:
            raise InvalidRequest("invalid_request", "lotSize", str(error)) from None
        raise ForgeError("bad_rows", f"{error}.") from None
    except OverflowError:  # a column that is whole thousands here has twelve decimals there
        raise ForgeError("bad_rows", _TOO_WIDE) from None


def _prices(piece: Piece, bad: BadRows) -> list[Scaled]:
    """The four price columns in one unit."""
    columns = [read_decimals(piece.columns[name], refuser(piece, bad, name)) for name in PRICES]
    decimals = max(column.decimals for column in columns)
    try:
        return [column.to(decimals) for column in columns]
    except OverflowError:
        raise ForgeError("bad_rows", _TOO_WIDE) from None


def _volume(piece: Piece, bad: BadRows) -> Scaled:
    texts = piece.columns.get("volume")
    if texts is None:
        return Scaled(np.zeros(len(piece.numbers), dtype=np.int64), 0)
    volume = read_decimals(texts, refuser(piece, bad, "volume"))
    for row in np.flatnonzero(volume.values < 0):
        bad.add(piece.numbers[int(row)], "volume is negative")
    return volume


def _check_prices(prices: list[Scaled], numbers: Sequence[int], bad: BadRows) -> None:
    opened, high, low, close = (column.values for column in prices)
    checks = (
        (low <= 0, "low is not above 0"),
        (high < np.maximum(opened, close), "high is below open or close"),
        (low > np.minimum(opened, close), "low is above open or close"),
    )
    for wrong, reason in checks:
        for row in np.flatnonzero(wrong):
            bad.add(numbers[int(row)], reason)


def _sizes(spool: Spool, order: ImportOrder) -> _Sizes:
    tick = order.tick_size or _infer_tick(spool)
    multiplier = order.multiplier or Decimal(1)
    if order.lot_size is not None:
        return _Sizes(tick, order.lot_size)
    # A lot is as fine as the volumes, as far as money can count a tick of it.
    finest = MAX_MONEY_DECIMALS + int((tick * multiplier).normalize().as_tuple().exponent)
    decimals = max(0, min(spool.volume_resolution(), _LOT_DECIMALS, finest))
    return _Sizes(tick, Decimal(1).scaleb(-decimals))


def _infer_tick(spool: Spool) -> Decimal:
    """The largest of 1, 2, 2.5 and 5 times a power of ten of which every price is a multiple, at most 1."""
    divisor = spool.price_divisor() if spool.rows >= _INFER_ROWS else 10 ** spool.price_padding()
    steps = (step.scaleb(power) for power in range(spool.price_decimals + 1) for step in _STEPS)
    unit = 10**spool.price_decimals
    fitting = (step for step in steps if step <= unit and divisor % step == 0)
    return max(fitting).scaleb(-spool.price_decimals).normalize()


def _row(spool: Spool, row: int, sizes: _Sizes, most_ticks: int) -> Iterator[Int64s]:
    """One row of the bars in its final unit; _AbsurdPrice above `most_ticks`."""
    if row == TS:
        yield from spool.times()
    elif row == VOLUME:
        for values in spool.volumes():
            yield _in_units(values, sizes.lot, spool.volume_decimals, "lotSize")[0]
    else:
        for line, values in spool.prices(PRICES[row - 1]):
            ticks = _ticks(values, line, PRICES[row - 1], sizes.tick, spool.price_decimals)
            largest = int(ticks.argmax())
            if ticks[largest] > most_ticks:
                raise _AbsurdPrice(
                    f"{PRICES[row - 1]} of row {line + largest + 1:,} is too large: "
                    f"one lot at that price is worth more than money of this data set can count"
                )
            yield ticks


def _ticks(values: Int64s, first_row: int, name: str, tick: Decimal, decimals: int) -> Int64s:
    """Prices in ticks; a price that is no multiple of the tick is refused, but for the noise of floats."""
    ticks, off, per_tick = _in_units(values, tick, decimals, "tickSize")
    (wrong,) = np.nonzero(off > int(_NOISE * per_tick))
    if len(wrong):
        price = Decimal(int(values[wrong[0]])).scaleb(-decimals).normalize()
        raise InvalidRequest(
            "invalid_request",
            "tickSize",
            f"{name} {price:f} of row {first_row + int(wrong[0]) + 1:,} is no multiple of {tick}; "
            "give the right one, or leave it out to have it inferred",
        )
    return ticks


def _in_units(values: Int64s, unit: Decimal, decimals: int, field: str) -> tuple[Int64s, Int64s, int]:
    """`values` (in 10^-decimals) in whole units, halves up; how far each misses its unit, and how far that can be.

    InvalidRequest at `field` for a unit in which they cannot be counted.
    """
    numerator, denominator = unit.scaleb(decimals).as_integer_ratio()
    if max(numerator, denominator) > _LARGEST or int(values.max()) > _LARGEST // denominator:
        raise InvalidRequest("invalid_request", field, f"{unit} is too small or too large for these numbers")
    whole, rest = np.divmod(values * denominator, numerator)
    off = np.minimum(rest, numerator - rest)
    return whole + (rest >= numerator - rest), off, numerator


def _check_frame(ts_ms: Int64s, frame: TimeFrame) -> None:
    """Refuses a time frame that the distances of the bars contradict; a day of 23 hours does not."""
    spacing = measure_spacing(ts_ms, frame.ms)
    if spacing.short * 2 > spacing.pairs:
        apart = time_frame_name(spacing.common_short_ms)
        raise InvalidRequest("invalid_request", "timeFrame", f"the bars are {apart} apart, not {frame.name}")
    if spacing.pairs >= 10 and (closest := int(np.diff(ts_ms).min())) >= 2 * frame.ms:
        raise InvalidRequest(
            "invalid_request",
            "timeFrame",
            f"no two bars are closer than {time_frame_name(closest)}; they are not of {frame.name}",
        )

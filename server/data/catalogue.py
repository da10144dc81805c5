"""The data sets of a home."""

import difflib
import logging
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import numpy as np

from server.contract.catalogue import CashFlowKind, DatasetInfo
from server.contract.problems import ForgeError, InvalidRequest
from server.data.bars import TS, Int64s, open_bars
from server.data.instrument import Instrument
from server.data.naming import DATASET_ID_PATTERN, normal_name
from server.data.staging import discard, remove_leftovers
from server.data.stored import StoredDataset, read_stored
from server.data.time_frames import TimeFrame, divides, parse_time_frame

_UPLOADS_FOLDER: Final = ".uploads"
_UPLOAD_LIFE_S: Final = 86_400.0
_NAMES_LISTED: Final = 10
_INT64: Final = np.iinfo(np.int64)
_AFTER_BARS: Final = 2**62
_log = logging.getLogger(__name__)


class Catalogue:
    """Immutable versions of series, a folder each under `root`: `{id}/dataset.json` beside `bars.npy` or `flows.npy`.

    Opening it removes what dead imports left. Imports of other processes appear at `refresh`. All but `remove` is cheap
    enough for an event loop; nothing here loads bars or cash flows.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stored: dict[str, StoredDataset] = {}
        self._times: dict[str, Int64s] = {}
        self._changes = 0  # to `_stored`, which one thread may read while another removes from it
        self._listed: tuple[int, list[DatasetInfo]] = (-1, [])  # sorted after which change; a run may name 64 series
        root.mkdir(parents=True, exist_ok=True)
        remove_leftovers(root)
        self._remove_old_uploads()
        self.refresh()

    @property
    def root(self) -> Path:
        """The folder that holds the versions."""
        return self._root

    def all(self) -> list[DatasetInfo]:
        """Every version of every series, by name, bars before cash flows, the newest first."""
        of_change, listed = self._listed
        changes = self._changes
        if of_change != changes:
            infos = [stored.info for stored in tuple(self._stored.values())]
            listed = sorted(
                infos, key=lambda info: (info.asset_name, info.exchange, *_frame_order(info), -info.version)
            )
            self._listed = (changes, listed)
        return list(listed)

    def _bars(self) -> list[DatasetInfo]:
        return [info for info in self.all() if info.kind == "bars"]

    def get(self, dataset_id: str) -> DatasetInfo | None:
        """One version, None when there is none."""
        stored = self._stored.get(dataset_id)
        return stored.info if stored else None

    def resolve(self, asset: str, exchange: str, time_frame: str, *, prefix: str = "") -> DatasetInfo:
        """The newest version of a series of bars, or what was resampled from the newest version of its finest frame.

        Raises InvalidRequest: `unknown_dataset` with what exists, `invalid_request` for a time frame that is none; the
        field's path gets `prefix` in front (`dataSubscriptions[0].`).
        """
        frame = parse_time_frame(time_frame, f"{prefix}timeFrame")
        asset_name = normal_name(asset, f"{prefix}assetName")
        exchange_name = normal_name(exchange, f"{prefix}exchange")
        infos = self._bars()
        assets = [info for info in infos if info.asset_name == asset_name]
        if not assets:
            raise _unknown(f"{prefix}assetName", asset_name, (info.asset_name for info in infos), "data sets")
        listed = [info for info in assets if info.exchange == exchange_name]
        if not listed:
            raise _unknown(f"{prefix}exchange", exchange_name, (info.exchange for info in assets), asset_name)
        versions = [info for info in listed if info.time_frame == frame.name and not self._is_derived(info)]
        source = None if versions else self._finest(listed, frame)
        if source is not None:
            versions = [info for info in self.derived_from(source.id) if info.time_frame == frame.name]
        if not versions:
            about = f"{asset_name} on {exchange_name}"
            raise _unknown(f"{prefix}timeFrame", frame.name, (info.time_frame for info in listed), about)
        return versions[0]

    def resolve_flows(self, asset: str, exchange: str, kind: CashFlowKind, path: str) -> DatasetInfo:
        """The newest cash flows of an asset; InvalidRequest `unknown_dataset` that names `path`."""
        of_kind = [info for info in self.all() if info.kind == kind]
        for info in of_kind:  # newer ones first
            if (info.asset_name, info.exchange) == (asset, exchange):
                return info
        there = list(dict.fromkeys(f"{info.asset_name} on {info.exchange}" for info in of_kind))
        listed = f"there is that of {', '.join(there[:_NAMES_LISTED])}" if there else "none was imported yet"
        message = f"there is no data set of {kind} of {asset} on {exchange}; {listed}"
        raise InvalidRequest("unknown_dataset", path, message)

    def resampling_source(self, asset: str, exchange: str, time_frame: str, *, prefix: str = "") -> DatasetInfo | None:
        """What must be resampled before `resolve` finds this series; None when nothing must be, or can.

        Raises InvalidRequest for names and time frames that are none, with paths as those of `resolve`.
        """
        frame = parse_time_frame(time_frame, f"{prefix}timeFrame")
        names = normal_name(asset, f"{prefix}assetName"), normal_name(exchange, f"{prefix}exchange")
        listed = [info for info in self._bars() if (info.asset_name, info.exchange) == names]
        if any(info.time_frame == frame.name and not self._is_derived(info) for info in listed):
            return None
        source = self._finest(listed, frame)
        if source is None or any(info.time_frame == frame.name for info in self.derived_from(source.id)):
            return None
        return source

    def derived_from(self, dataset_id: str) -> list[DatasetInfo]:
        """The versions that were resampled from this one."""
        return [stored.info for stored in tuple(self._stored.values()) if stored.derived_from == dataset_id]

    def superseded(self, keep: int) -> list[DatasetInfo]:
        """The imported versions that have at least `keep` newer ones of their series."""
        newer = Counter[tuple[str, str, str, str]]()
        found = []
        for info in self.all():  # newer ones first
            if self._is_derived(info):
                continue
            series = (info.kind, info.asset_name, info.exchange, info.time_frame)
            if newer[series] >= keep:
                found.append(info)
            newer[series] += 1
        return found

    def _is_derived(self, info: DatasetInfo) -> bool:
        stored = self._stored.get(info.id)
        return stored is not None and stored.derived_from is not None

    def _finest(self, listed: Iterable[DatasetInfo], frame: TimeFrame) -> DatasetInfo | None:
        """The newest version of the finest imported series that divides the frame; `listed` has newer ones first."""
        for info in listed:  # by frame, the finest first
            if not self._is_derived(info) and divides(parse_time_frame(info.time_frame), frame):
                return info
        return None

    def rows_between(self, dataset_id: str, start_ms: int, end_ms: int) -> tuple[int, int]:
        """Rows `[first, stop)` of the bars with `start_ms ≤ ts ≤ end_ms`; empty when `first == stop`.

        Bisects the mapped timestamps: a few pages are touched, however many bars there are.
        """
        times = self._opens(dataset_id)
        first = int(np.searchsorted(times, _int64(start_ms), side="left"))
        stop = int(np.searchsorted(times, _int64(end_ms), side="right"))
        return first, max(first, stop)

    def open_of(self, dataset_id: str, row: int) -> int:
        """When a bar opens, ms since the epoch."""
        return int(self._opens(dataset_id)[row])

    def _opens(self, dataset_id: str) -> Int64s:
        times = self._times.get(dataset_id)
        if times is None:
            times = self._times[dataset_id] = open_bars(self.directory(dataset_id))[TS]
        return times

    def directory(self, dataset_id: str) -> Path:
        """The folder of one version; ForgeError `unknown_dataset`."""
        self._known(dataset_id)
        return self._root / dataset_id

    def instrument(self, dataset_id: str) -> Instrument:
        """The exact units of one version; ForgeError `unknown_dataset`."""
        return self._known(dataset_id).instrument

    def remove(self, dataset_id: str) -> bool:
        """Forgets a version; False when there is none. Whoever has its bars mapped keeps them.

        Deleting a large file takes a while: not for an event loop.
        """
        if self._stored.pop(dataset_id, None) is None:
            return False
        self._changes += 1
        self._times.pop(dataset_id, None)
        discard(self._root, self._root / dataset_id)
        return True

    def refresh(self) -> list[DatasetInfo]:
        """Looks at the folder again; returns the versions that appeared. What is not whole is left out and logged."""
        there = {folder.name: folder for folder in self._folders()}
        for gone in self._stored.keys() - there.keys():
            del self._stored[gone]
            self._times.pop(gone, None)
        appeared = []
        for name in sorted(there.keys() - self._stored.keys()):
            try:
                stored = read_stored(there[name])
            except (OSError, ValueError) as error:
                _log.warning("data set %s cannot be read: %s", name, error)
                continue
            self._stored[name] = stored
            appeared.append(stored.info)
        self._changes += 1
        return appeared

    def upload_path(self) -> Path:
        """A fresh path on the catalogue's disk for an upload; the caller deletes it, or the next start a day later."""
        folder = self._root / _UPLOADS_FOLDER
        folder.mkdir(exist_ok=True)
        return folder / uuid.uuid4().hex

    def _known(self, dataset_id: str) -> StoredDataset:
        stored = self._stored.get(dataset_id)
        if stored is None:
            raise ForgeError("unknown_dataset", f"No data set has the id {dataset_id[:200]!r}.")
        return stored

    def _folders(self) -> Iterator[Path]:
        return (folder for folder in self._root.iterdir() if DATASET_ID_PATTERN.fullmatch(folder.name))

    def _remove_old_uploads(self) -> None:
        """Only old ones: another process may be receiving an upload right now."""
        folder = self._root / _UPLOADS_FOLDER
        if not folder.is_dir():
            return
        for path in folder.iterdir():
            if time.time() - path.stat().st_mtime > _UPLOAD_LIFE_S:
                path.unlink(missing_ok=True)


def _frame_order(info: DatasetInfo) -> tuple[int, str]:
    return (parse_time_frame(info.time_frame).ms, "") if info.kind == "bars" else (_AFTER_BARS, info.kind)


def _int64(ts_ms: int) -> np.int64:
    """Clamped, and typed like the timestamps: a value of another type would make numpy copy the whole row."""
    return np.int64(min(max(ts_ms, int(_INT64.min)), int(_INT64.max)))


def _unknown(path: str, asked: str, existing: Iterable[str], about: str) -> InvalidRequest:
    names = list(dict.fromkeys(existing))
    if not names:
        return InvalidRequest("unknown_dataset", path, f"there is no {asked!r}: no data set was imported yet")
    by_folded = {name.casefold(): name for name in names}
    close = difflib.get_close_matches(asked.casefold(), by_folded, n=1)
    hint = f"; did you mean {by_folded[close[0]]!r}?" if close else ""
    listed = ", ".join(names[:_NAMES_LISTED]) + (", …" if len(names) > _NAMES_LISTED else "")
    return InvalidRequest("unknown_dataset", path, f"there is no {asked!r}{hint} ({about}: {listed})")

"""A folder into which people drop files of bars: which of them are whole and new, and what they are called."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final, NamedTuple, get_args

import msgspec

from server.contract.base import Request
from server.contract.catalogue import CashFlowKind, DatasetKind
from server.contract.problems import InvalidRequest
from server.data.naming import normal_name
from server.data.time_frames import parse_time_frame

_ENDINGS: Final = (".csv", ".parquet", ".feather", ".arrow")
_SIDE_CAR: Final = ".json"
_FORM: Final = "ASSET_EXCHANGE_TIMEFRAME, or say it in a file of that name beside it that ends with .json"
_LARGEST_SIDE_CAR: Final = 65_536
_FIRST_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 600.0
Size = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,18}(\.[0-9]{1,18})?$")]
"""A decimal number as text."""


class SideCar(Request, frozen=True, kw_only=True):
    """`NAME.json` beside `NAME.csv`: what its name does not say. As in an upload; what stands here goes first."""

    asset_name: str | None = None
    exchange: str | None = None
    time_frame: str | None = None
    kind: DatasetKind | None = None
    tick_size: Size | None = None
    lot_size: Size | None = None
    quote: str | None = None
    multiplier: Size | None = None
    source: str | None = None
    quarantine: bool = False


class Drop(NamedTuple):
    """A whole file that is new or has changed; cash flows have the name of their kind as time frame.

    `signature`: of this content, as far as it can be told without reading it.
    """

    path: Path
    signature: str
    asset_name: str
    exchange: str
    time_frame: str
    kind: DatasetKind
    options: SideCar

    @property
    def name(self) -> str:
        """As it is told."""
        return self.path.name


class BadDrop(NamedTuple):
    """A file of which nobody knows what it is, and why."""

    path: Path
    signature: str
    reason: str

    @property
    def name(self) -> str:
        """As it can be told."""
        return told(self.path.name)


class _Pause(NamedTuple):
    """A file whose content `signature` tells is left alone until then."""

    signature: str
    until_s: float
    length_s: float


def told(path: Path | str) -> str:
    """A path for people: what is not UTF-8 in it is escaped."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


class DropFolder:
    """Looks at the folder when it is asked to. A file counts as whole when nothing of it changed between two looks."""

    def __init__(
        self, folder: Path, settled: Mapping[str, str] | None = None, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        """`settled`: signatures of what was dealt with before, by the names of files."""
        self._folder = folder
        self._clock_s = clock_s
        self._pauses: dict[str, _Pause] = {}
        self._seen: dict[str, str] = {}
        self._settled: dict[str, str] = dict(settled or {})
        self.gone: set[str] = set()
        """Names that were known before the last look, and are no more."""

    def look(self) -> list[Drop | BadDrop]:
        """What is due now, by name; OSError when the folder cannot be read."""
        before, self._seen = self._seen, {}
        due: list[Drop | BadDrop] = []
        for path in sorted(self._folder.iterdir()):
            if path.suffix.lower() not in _ENDINGS or path.name.startswith((".", "~")):
                continue
            try:
                signature = _signature(path)
            except OSError:  # gone meanwhile
                continue
            if signature is None:
                continue
            self._seen[path.name] = signature
            if before.get(path.name) == signature != self._settled.get(path.name) and self._rested(path, signature):
                due.append(_described(path, signature))
        self._forget_gone(before)
        return due

    def settle(self, drop: Drop | BadDrop) -> None:
        """It was dealt with: it is due again when it changes."""
        self._settled[drop.path.name] = drop.signature
        self._pauses.pop(drop.path.name, None)

    def put_off(self, drop: Drop | BadDrop) -> None:
        """It was tried in vain, which may pass: it is due again after pauses that double up to ten minutes."""
        last = self._pauses.get(drop.path.name)
        if last is None or last.signature != drop.signature:
            length_s = _FIRST_PAUSE_S
        else:
            length_s = min(2 * last.length_s, _LONGEST_PAUSE_S)
        self._pauses[drop.path.name] = _Pause(drop.signature, self._clock_s() + length_s, length_s)

    def _forget_gone(self, before: Mapping[str, str]) -> None:
        """Or a folder through which files pass would fill the memory."""
        self.gone = (before.keys() | self._settled.keys()) - self._seen.keys()
        for name in self.gone:
            self._settled.pop(name, None)
            self._pauses.pop(name, None)

    def _rested(self, path: Path, signature: str) -> bool:
        pause = self._pauses.get(path.name)
        return pause is None or pause.signature != signature or self._clock_s() >= pause.until_s


def _signature(path: Path) -> str | None:
    """None for what holds nothing (yet)."""
    found = path.stat()
    if not found.st_size or not path.is_file():
        return None
    side_car = path.with_suffix(_SIDE_CAR)
    beside = side_car.stat() if side_car.exists() else None
    numbers = [found.st_size, found.st_mtime_ns] + ([beside.st_size, beside.st_mtime_ns] if beside else [])
    return "-".join(map(str, numbers))


def _described(path: Path, signature: str) -> Drop | BadDrop:
    if not _is_text(path):  # no message could carry it
        return BadDrop(path, signature, "its name or its folder's is not UTF-8; rename it")
    try:
        options = _options(path.with_suffix(_SIDE_CAR))
        asset_name, exchange, last = _names(path.stem)
        if not all((options.asset_name or asset_name, options.exchange or exchange)):
            return BadDrop(path, signature, f"its name does not say what it is; name it {_FORM}")
        kind = options.kind or _kind(last)
        drop = Drop(
            path=path,
            signature=signature,
            asset_name=normal_name(options.asset_name or asset_name, "assetName"),
            exchange=normal_name(options.exchange or exchange, "exchange"),
            time_frame=kind if kind != "bars" else parse_time_frame(options.time_frame or last).name,
            kind=kind,
            options=options,
        )
    except InvalidRequest as error:
        return BadDrop(path, signature, error.detail)
    except (OSError, ValueError) as error:
        return BadDrop(path, signature, f"{path.stem}{_SIDE_CAR} beside it cannot be read: {error}")
    return drop


def _is_text(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _options(path: Path) -> SideCar:
    if not path.exists():
        return SideCar()
    if path.stat().st_size > _LARGEST_SIDE_CAR:
        raise ValueError("it is too large")
    return msgspec.json.decode(path.read_bytes(), type=SideCar)


def _names(stem: str) -> tuple[str, str, str]:
    """Asset, exchange and time frame; the asset alone may have underscores. Empty where there are not as many."""
    parts = stem.rsplit("_", 2)
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else ("", "", "")


def _kind(last: str) -> DatasetKind:
    found: tuple[CashFlowKind, ...] = get_args(CashFlowKind)
    return next((kind for kind in found if kind == last.lower()), "bars")

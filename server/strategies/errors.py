"""How the failures of a user's code are told: its own lines and their cause, none of the machinery around them."""

import re
import sysconfig
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from server.strategies.source import MODULE_PREFIX

_PACKAGE: Final = str(Path(__file__).resolve().parents[1]) + "/"
_SHIPPED: Final = str(Path(__file__).resolve().parent / "shipped") + "/"
_LIBRARIES: Final = tuple(f"{sysconfig.get_path(name)}/" for name in ("stdlib", "purelib", "platlib"))
_FROZEN_FILE: Final = re.compile(r"^.*/[0-9a-f]{64}/(.+)$")
_FROZEN_MODULE: Final = re.compile(MODULE_PREFIX + r"(?:staged_)?[0-9a-f]{64}\.")
"""What stands in front of a user's module: a class Stop in stops.py is stops.Stop to its author."""
_OUR_ERROR: Final = re.compile(r"^(\s*(?:\| )?)server\.(?:\w+\.)+(?=[A-Z]\w*(?::|$))", re.MULTILINE)
"""The module before the name of this package's own exceptions, at the start of a line as traces write it."""
INNERMOST: Final = -1000
"""Frames that a trace is made from: a strategy that raised the recursion limit has a million of them."""


class StrategyError(Exception):
    """A strategy's own code failed.

    `message` is one line, `stack_trace` shows the user's frames and the causes, `bar` counts from 0 within the run
    and `bar_time_ms` is that bar's open (both None outside of a bar, as in `init`).
    """

    def __init__(
        self, message: str, stack_trace: str, *, bar: int | None = None, bar_time_ms: int | None = None
    ) -> None:
        super().__init__(message, stack_trace, bar, bar_time_ms)
        self.message = message
        self.stack_trace = stack_trace
        self.bar = bar
        self.bar_time_ms = bar_time_ms

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[object, ...]:
        """Survives the way from a worker process, keyword arguments included."""
        return _rebuilt, (self.message, self.stack_trace, self.bar, self.bar_time_ms)


class TooManyOrders(Exception):
    """A strategy keeps more orders waiting than the order table holds."""


class DeclarationError(Exception):
    """A strategy class is declared badly; `attribute` is the class attribute at fault, "" for the class itself."""

    def __init__(self, attribute: str, message: str) -> None:
        super().__init__(f"{attribute}: {message}" if attribute else message)
        self.attribute = attribute


def strategy_error(error: BaseException, *, bar: int | None = None, bar_time_ms: int | None = None) -> StrategyError:
    """Wraps what a strategy's code raised."""
    told = traceback.TracebackException.from_exception(error, limit=INNERMOST)
    message = plain_names("".join(told.format_exception_only())).strip()
    where = "" if bar is None else f" (at bar {bar})"
    return StrategyError(f"{message.splitlines()[-1]}{where}", user_trace(error), bar=bar, bar_time_ms=bar_time_ms)


def is_user_failure(error: BaseException) -> bool:
    """Whether a strategy's code is at fault: it stands on the stack, and the memory did not run out.

    What fails without a user's frame is a bug of the engine or a bad request, and told as such.
    """
    if isinstance(error, MemoryError):
        return False
    return any(is_users_file(frame.f_code.co_filename) for frame, _ in traceback.walk_tb(error.__traceback__))


def plain_names(text: str) -> str:
    """`text` with the modules of frozen copies called as their authors call them, and this package's errors by name."""
    return _OUR_ERROR.sub(r"\1", _FROZEN_MODULE.sub("", text))


def user_trace(error: BaseException) -> str:
    """The stack trace of `error` and its causes without the frames of this package; frozen files by their names."""
    told = traceback.TracebackException.from_exception(error, limit=INNERMOST)
    for part in _chain(told):
        part.stack = traceback.StackSummary.from_list(
            [_renamed(frame) for frame in part.stack if not _is_ours(frame.filename)]
        )
    return plain_names("".join(told.format()))


def user_place(error: BaseException) -> tuple[str, int] | None:
    """File and line of the innermost frame in a frozen or staged user file, None when there is none."""
    place = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        if _FROZEN_FILE.match(frame.f_code.co_filename):
            place = (shown_file(frame.f_code.co_filename), line)
    return place


def _rebuilt(message: str, stack_trace: str, bar: int | None, bar_time_ms: int | None) -> StrategyError:
    return StrategyError(message, stack_trace, bar=bar, bar_time_ms=bar_time_ms)


def _chain(told: traceback.TracebackException) -> Iterator[traceback.TracebackException]:
    seen: list[traceback.TracebackException] = []
    waiting: list[traceback.TracebackException | None] = [told]
    while waiting:
        part = waiting.pop()
        if part is None or any(part is other for other in seen):
            continue
        seen.append(part)
        waiting += [part.__cause__, part.__context__, *(part.exceptions or [])]
        yield part


def is_users_file(filename: str) -> bool:
    """Whether a strategy's author wrote a file: shipped ones too, but no other of this package or of a library."""
    if _FROZEN_FILE.match(filename) or filename.startswith(_SHIPPED):
        return True
    return not _is_ours(filename) and not filename.startswith(("<frozen ", *_LIBRARIES))


def _is_ours(filename: str) -> bool:
    if filename.startswith("<frozen importlib"):
        return True
    return filename.startswith(_PACKAGE) and not filename.startswith(_SHIPPED) and not _FROZEN_FILE.match(filename)


def shown_file(filename: str) -> str:
    """The name by which its author knows a file: frozen copies lie in folders named by their hash."""
    found = _FROZEN_FILE.match(filename)
    return found.group(1) if found else filename


def _renamed(frame: traceback.FrameSummary) -> traceback.FrameSummary:
    return traceback.FrameSummary(shown_file(frame.filename), frame.lineno, frame.name, line=frame.line)

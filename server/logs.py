"""Log lines that a person and a machine can both read."""

import json
import logging
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Final, NamedTuple

_OWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


_about: Final[ContextVar[Mapping[str, object]]] = ContextVar("about", default=MappingProxyType({}))


class LogStyle(NamedTuple):
    """How a process writes its lines: `text` or `json`, from which level on."""

    log_format: str
    level: str


def configure(log_format: str, level: str) -> None:
    """Sends every logger of the process to standard error, as `text` (key=value) or `json` lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if log_format == "json" else TextLines())
    handler.addFilter(_concerned)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "httpx"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(max(root.level, logging.WARNING))  # they would tell of every socket and request


def style() -> LogStyle | None:
    """How this process was told to write, for one that it starts; None when it was not told."""
    root = logging.getLogger()
    for handler in root.handlers:
        if isinstance(handler.formatter, JsonLines | TextLines):
            log_format = "json" if isinstance(handler.formatter, JsonLines) else "text"
            return LogStyle(log_format, logging.getLevelName(root.level).lower())
    return None


@contextmanager
def about(**fields: object) -> Iterator[None]:
    """Every line that is written within, by whatever is called and by the tasks that begin there, has these fields.

    What a line says itself counts. `run_key` and `attempt` are how lines tell which run they are on.
    """
    token = _about.set({**_about.get(), **fields})
    try:
        yield
    finally:
        _about.reset(token)


@contextmanager
def silent() -> Iterator[None]:
    """The server's own modules write nothing within: for commands that tell themselves what went wrong."""
    logger = logging.getLogger("server")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


def _concerned(record: logging.LogRecord) -> bool:
    """Adds to the line what it is about."""
    for name, value in _about.get().items():
        vars(record).setdefault(name, value)
    return True


def _extras(record: logging.LogRecord) -> dict[str, object]:
    """The fields of the line, named as the contract names them: `runKey`, as in answers and messages."""
    return {_camel(key): value for key, value in vars(record).items() if key not in _OWN}


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _instant(record: logging.LogRecord) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z"


def _plain(value: object) -> str:
    """The value, quoted where it could be taken for more than one, or for a line of its own."""
    text = str(value)
    return text if text.isprintable() and text and not set(text) & set(' ="') else json.dumps(text)


class TextLines(logging.Formatter):
    """`2024-01-01T00:00:00.000Z INFO server.runs run ended runKey=… attempt=1`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, followed by the traceback when there is one."""
        pairs = "".join(f" {key}={_plain(value)}" for key, value in _extras(record).items())
        message = record.getMessage().replace("\n", "\\n")
        line = f"{_instant(record)} {record.levelname} {record.name} {message}{pairs}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """One JSON object a line, with the same fields."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; a traceback is its field `exception`."""
        entry: dict[str, object] = {
            "time": _instant(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_extras(record),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)

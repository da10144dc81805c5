"""How what went wrong with a task is told."""

import errno
import signal
import traceback
from collections.abc import Iterator
from typing import Final

from server.contract.problems import ForgeError
from server.execution.confinement import memory_limit_bytes
from server.execution.tasks import TaskFailed
from server.strategies.errors import INNERMOST, StrategyError, plain_names

_MESSAGE_LIMIT: Final = 4_000
_TRACE_LIMIT: Final = 64_000
_MIB: Final = 2**20


class TaskCancelledError(Exception):
    """The task stopped because it was asked to."""


def failure_of(error: BaseException) -> TaskFailed:
    """What a task's exception means, whoever raised it; texts are bounded and encodable."""
    if any(isinstance(link, MemoryError) for link in _chain(error)):
        return out_of_memory(_trace(error))
    match error:
        case TaskCancelledError():
            return TaskFailed(cause="cancelled", message="cancelled")
        case StrategyError():
            return TaskFailed(
                cause="raised", message=_bounded(error.message, _MESSAGE_LIMIT), stack_trace=_clean(error.stack_trace)
            )
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return TaskFailed(cause="refused", message="The disk is full.", code="disk_full")
        case ForgeError():
            return TaskFailed(
                cause="refused",
                message=_bounded(error.detail, _MESSAGE_LIMIT),
                code=error.code,
                errors=[(field.path, field.message) for field in error.errors],
            )
        case _:
            message = plain_names("".join(traceback.format_exception_only(error))).strip()
            return TaskFailed(cause="raised", message=_bounded(message, _MESSAGE_LIMIT), stack_trace=_trace(error))


def out_of_memory(stack_trace: str | None = None) -> TaskFailed:
    """The task asked for more memory than there is for it."""
    limit = memory_limit_bytes()
    allowed = "the system has" if limit is None else f"its limit of {limit // _MIB:,} MiB"
    return TaskFailed(cause="memory", message=f"needed more memory than {allowed}", stack_trace=stack_trace)


def death(exit_code: int | None) -> TaskFailed:
    """The worker ended in the middle of the task; negative codes are signals, as in Popen.returncode."""
    return TaskFailed(cause="died", message=f"the worker process {_ending(exit_code)}")


def _ending(exit_code: int | None) -> str:
    if exit_code is None:
        return "ended without a trace"
    if exit_code >= 0:
        return f"ended with exit code {exit_code} before the task did"
    try:
        name = signal.Signals(-exit_code).name
    except ValueError:
        name = f"signal {-exit_code}"
    hint = " (killed from outside, or by the system when it ran out of memory)" if name == "SIGKILL" else ""
    return f"was killed by {name}{hint}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def _trace(error: BaseException) -> str:
    return _clean(plain_names("".join(traceback.format_exception(error, limit=INNERMOST))))


def _clean(text: str) -> str:
    return _bounded(text, _TRACE_LIMIT)


def _bounded(text: str, limit: int) -> str:
    """`text` without what UTF-8 cannot carry, and without its middle when it is too long."""
    if len(text) > limit:
        half = limit // 2
        text = f"{text[:half]}\n[… {len(text) - 2 * half:,} characters left out …]\n{text[-half:]}"
    return text.encode("utf-8", "backslashreplace").decode()

"""What can go wrong when a client talks to a server."""

from collections.abc import Mapping, Sequence
from typing import Final

from server.contract.problems import FieldError


class ClientError(Exception):
    """The base of everything that the client raises."""


class ProblemError(ClientError):
    """The server refused a request: `code` is stable, `errors` names the fields, `retry_after_s` when it tells one.

    Each kind of refusal is a class of its own, found by the code; a code of later versions has that of its status.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: int = 0,
        errors: Sequence[FieldError] = (),
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = status
        self.errors = tuple(errors)
        self.retry_after_s = retry_after_s

    def __reduce__(self) -> tuple[object, ...]:
        """As it is made, so that a process pool can hand it on."""
        return _again, (type(self), self.code, self.detail, self.status, self.errors, self.retry_after_s)


class InvalidRequest(ProblemError):
    """What was asked for is wrong; `errors` names the fields with what would be right."""


class NotFound(ProblemError):
    """There is no such run, trial or file."""


class Unauthorised(ProblemError):
    """The server wants a token, or another one."""


class Forbidden(ProblemError):
    """The server does not answer to this host or origin."""


class AlreadyEnded(ProblemError):
    """The run has ended, so that there is nothing to stop."""


class RateLimited(ProblemError):
    """Too much at once; `retry_after_s` says when to ask again."""


class ServerUnavailable(ProblemError):
    """The server cannot answer now: it drains, or its store, broker or disk fails it; ask again later."""


class UnexpectedAnswer(ProblemError):
    """Something else than a server of this project answered, or one of another version."""


_BY_CODE: Final[Mapping[str, type[ProblemError]]] = {
    "run_not_found": NotFound,
    "not_found": NotFound,
    "method_not_allowed": UnexpectedAnswer,
    "already_terminal": AlreadyEnded,
    "unauthorised": Unauthorised,
    "forbidden_origin": Forbidden,
    "forbidden_host": Forbidden,
    "rate_limited": RateLimited,
    "queue_full": RateLimited,
    "too_many_subscriptions": RateLimited,
    "draining": ServerUnavailable,
    "store_unavailable": ServerUnavailable,
    "broker_unavailable": ServerUnavailable,
    "disk_full": ServerUnavailable,
    "unexpected_answer": UnexpectedAnswer,
}
_BY_STATUS: Final[Mapping[int, type[ProblemError]]] = {
    401: Unauthorised,
    403: Forbidden,
    404: NotFound,
    409: AlreadyEnded,
    429: RateLimited,
    503: ServerUnavailable,
    507: ServerUnavailable,
}


def problem(
    code: str,
    detail: str,
    *,
    status: int = 0,
    errors: Sequence[FieldError] = (),
    retry_after_s: int | None = None,
) -> ProblemError:
    """The error of the class that this code means."""
    other = InvalidRequest if status in (0, 400, 413, 415) else ProblemError
    found = _BY_CODE.get(code) or _BY_STATUS.get(status, other)
    return found(code, detail, status=status, errors=errors, retry_after_s=retry_after_s)


def _again(
    kind: type[ProblemError],
    code: str,
    detail: str,
    status: int,
    errors: Sequence[FieldError],
    retry_after_s: int | None,
) -> ProblemError:
    return kind(code, detail, status=status, errors=errors, retry_after_s=retry_after_s)


class ConnectionFailed(ClientError):
    """No server could be asked at `url`."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(
            f"No server answers at {url} ({reason}). Start one with `forge serve`, "
            "or name another with FORGE_URL or --url."
        )
        self.url = url
        self.reason = reason


class NoResult(ClientError):
    """A run has no result: it has not completed; `status` is how it stands."""

    def __init__(self, run_key: str, status: str) -> None:
        super().__init__(f"{run_key} has no result: it is {status}.")
        self.run_key = run_key
        self.status = status


class RunFailed(NoResult):
    """A run that was waited for failed or was cancelled; `stack_trace` is that of the strategy."""

    def __init__(self, run_key: str, status: str, message: str | None, stack_trace: str | None) -> None:
        super().__init__(run_key, status)
        self.message = message
        self.stack_trace = stack_trace

    def __str__(self) -> str:
        told = [f"{self.run_key} {'was cancelled' if self.status == 'Cancelled' else 'failed'}"]
        if self.message:
            told[0] += f": {self.message}"
        if self.stack_trace:
            told.append(self.stack_trace.rstrip())
        return "\n".join(told)


class DatasetUnclear(ClientError):
    """No data set fits what was named, or several do; `candidates` are those that there are."""

    def __init__(self, message: str, candidates: Sequence[str]) -> None:
        listed = "".join(f"\n  {name}" for name in candidates)
        super().__init__(f"{message}{listed}")
        self.candidates = tuple(candidates)


class NoFrameLibrary(ClientError):
    """A data frame was asked for without a library that makes one."""

    def __init__(self, asked: str | None) -> None:
        named = f"{asked} is not installed" if asked else "neither polars nor pandas is installed"
        super().__init__(f"Data frames are made with polars or pandas, and {named}: `pip install {asked or 'polars'}`.")
        self.asked = asked

"""Requests and answers as bytes, without sending any."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from server.client.errors import ProblemError, UnexpectedAnswer, problem
from server.contract.problems import FieldError
from server.contract.requests import RunKind
from server.contract.run import Submission

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
_CAPITAL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
KINDS: Final[tuple[RunKind, ...]] = ("backtest", "optimization")
RunRef = str | Submission
"""A run by its key, or by what its submission answered."""


class _ProblemBody(msgspec.Struct, frozen=True):
    """A problem, whatever codes later versions know."""

    code: str
    detail: str = ""
    errors: list[FieldError] = []


def normal_url(url: str) -> str:
    """The base of a server's URLs without a slash at the end; ValueError for what is no http(s) URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is no URL of a server; it looks like http://127.0.0.1:8000")
    return url.rstrip("/")


def is_local(url: str) -> bool:
    """Whether the server runs on this machine, where a proxy of the environment must not come between."""
    return urlsplit(url).hostname in ("127.0.0.1", "::1", "localhost")


def run_path(kind: RunKind, run_key: str, rest: str = "") -> str:
    """`/api/backtests/{runKey}/status` and its like."""
    return f"/api/{kind}s/{quote(run_key, safe='')}{rest}"


def parameters(values: Mapping[str, object]) -> dict[str, str]:
    """Query parameters as they are sent: camelCase, None left out, several values joined by commas."""
    return {camel(name): _text(value) for name, value in values.items() if value not in (None, ())}


def camel(name: str) -> str:
    """`fast_period` as `fastPeriod`; what is camelCase already stays."""
    head, *rest = name.strip("_").split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def snake(name: str) -> str:
    """`fastPeriod` as `fast_period`."""
    return _CAPITAL.sub("_", name).lower()


def _text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return ",".join(str(item) for item in value)
        case _:
            return str(value)


def decode(response: "httpx.Response", type_: type[T]) -> T:
    """The body of an answer; ProblemError when it tells of a problem or is not what was asked for."""
    if not response.is_success:
        raise problem_of(response)
    try:
        return msgspec.json.decode(response.content, type=type_)
    except msgspec.DecodeError as error:
        detail = f"{response.request.url} answered something else than expected ({error}); are the versions the same?"
        raise UnexpectedAnswer("unexpected_answer", detail, status=response.status_code) from error


def problem_of(response: "httpx.Response") -> ProblemError:
    """The problem that an answer carries; one made from its status when it carries none."""
    after = response.headers.get("retry-after", "")
    retry_after_s = int(after) if after.isdecimal() else None
    try:
        body = msgspec.json.decode(response.content, type=_ProblemBody)
    except msgspec.DecodeError:
        detail = f"{response.request.url} answered {response.status_code} {response.reason_phrase}"
        body = _ProblemBody(code="unexpected_answer", detail=detail)
    return problem(body.code, body.detail, status=response.status_code, errors=body.errors, retry_after_s=retry_after_s)


def body_of(request: msgspec.Struct | Mapping[str, Any]) -> bytes:
    """A request as JSON."""
    return msgspec.json.encode(request)

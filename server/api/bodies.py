"""Reads what a request carries: query parameters, JSON bodies, uploads."""

import re
from collections.abc import AsyncIterator
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request

from server.api.validation import field_errors, invalid
from server.contract.problems import FieldError, ForgeError, InvalidRequest

T = TypeVar("T", bound=msgspec.Struct)
_LONG_NUMBER: Final = re.compile(rb"\d{19}")
_MAX_PARAMETERS: Final = 100


def read_query(request: Request, type_: type[T]) -> T:
    """The query parameters as a struct; raises ForgeError `invalid_request` that names each wrong one."""
    raw = request.scope["query_string"].decode("ascii", "replace")
    if not raw:
        pairs = []
    else:
        try:
            pairs = parse_qsl(raw, keep_blank_values=True, max_num_fields=_MAX_PARAMETERS, errors="replace")
        except ValueError:
            raise ForgeError("invalid_request", f"More than {_MAX_PARAMETERS} query parameters.") from None
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise InvalidRequest("invalid_request", name[:60], "is given twice")
        values[name] = value
    try:
        return msgspec.convert(values, type_, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(field_errors(values, type_, strict=False), str(error)) from None


async def read_json(request: Request, type_: type[T], limit_bytes: int) -> T:
    """The JSON body as a struct; ForgeError `unsupported_media`, `too_large` or `invalid_request`."""
    require_media(request, "application/json")
    body = bytearray()
    async for chunk in limited(request, limit_bytes):
        body += chunk
    if not body:
        raise ForgeError("invalid_request", "The body is empty; send a JSON object.")
    return decode_json(bytes(body), type_)


def decode_json(body: bytes, type_: type[T]) -> T:
    """A JSON object as a struct; ForgeError `invalid_request` names every field that is wrong."""
    try:
        if _LONG_NUMBER.search(body) is None:
            return msgspec.json.decode(body, type=type_)
        value = msgspec.json.decode(body)
        raise_for(value, type_)
        return msgspec.convert(value, type_)
    except msgspec.ValidationError as error:
        raise _refusal(body, type_, error) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ForgeError("invalid_request", f"The body is not valid JSON: {error}.") from None
    except RecursionError:
        raise ForgeError("invalid_request", "The body is nested too deeply.") from None


def raise_for(value: object, type_: Any) -> None:
    """ForgeError when decoded JSON does not fit, numbers beyond 64 bits included."""
    errors = [*field_errors(value, type_)]
    if errors:
        raise invalid(errors, "")


def _refusal(body: bytes, type_: Any, error: msgspec.ValidationError) -> ForgeError:
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return ForgeError("invalid_request", f"The body cannot be read: {error}.")
    if not isinstance(value, dict):
        return ForgeError(
            "invalid_request", "The body must be a JSON object.", errors=(FieldError(path="", message=str(error)),)
        )
    return invalid(field_errors(value, type_), str(error))


def require_media(request: Request, *accepted: str) -> str:
    """The media type of the body, without parameters; ForgeError `unsupported_media` names those accepted."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in accepted:
        said = repr(given[:80]) if given else "missing"
        raise ForgeError("unsupported_media", f"The Content-Type is {said}; send {' or '.join(accepted)}.")
    return given


async def limited(request: Request, limit_bytes: int) -> AsyncIterator[bytes]:
    """The chunks of the body; ForgeError `too_large` as soon as it is known to exceed the limit."""
    too_large = ForgeError("too_large", f"The body is larger than {limit_bytes} bytes.")
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > limit_bytes:
        raise too_large
    received = 0
    async for chunk in request.stream():
        received += len(chunk)
        if received > limit_bytes:
            raise too_large
        yield chunk

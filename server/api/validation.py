"""Finds every field of a request that is wrong, and says what would be right."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

import msgspec
from msgspec import UnsetType, structs

from server.contract.problems import FieldError, ForgeError

MAX_ERRORS: Final = 20
_MAX_SHOWN: Final = 60
_INT64: Final = 2**63
_WORDS: Final = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
    "datetime": "an instant such as 2024-01-01T00:00:00Z",
}


def invalid(errors: Iterable[FieldError], fallback: str) -> ForgeError:
    """The problem that names these fields, the first of them in `detail`; `fallback` when there are none."""
    found = tuple(islice(errors, MAX_ERRORS))
    if not found:
        return ForgeError("invalid_request", fallback)
    first = found[0]
    return ForgeError(
        "invalid_request", f"{first.path}: {first.message}" if first.path else first.message, errors=found
    )


def field_errors(value: object, type_: Any, *, path: str = "", strict: bool = True) -> Iterator[FieldError]:
    """Every part of `value` (decoded JSON, or query parameters when not `strict`) that does not fit `type_`."""
    plain = _without_unset(type_)
    if _is_struct(plain) and isinstance(value, dict):
        yield from _struct_errors(value, plain, path, strict)
    elif get_origin(plain) is dict and isinstance(value, dict):
        item_type = get_args(plain)[1]
        for key, item in value.items():
            yield from field_errors(item, item_type, path=_join(path, key), strict=strict)
    elif get_origin(plain) is list and isinstance(value, list) and _fits(value, type_, strict) is not None:
        item_type = get_args(plain)[0]
        inner = [
            error
            for index, item in enumerate(value)
            for error in islice(field_errors(item, item_type, path=f"{path}[{index}]", strict=strict), 1)
        ]
        yield from inner or _leaf_errors(value, type_, path, strict)
    else:
        yield from _leaf_errors(value, type_, path, strict)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` (did you mean fastPeriod?)`, or nothing when no known name is close."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name[:_MAX_SHOWN].lower().replace("_", ""), by_lower, n=1)
    return f" (did you mean {by_lower[close[0]]}?)" if close else ""


def _struct_errors(value: Mapping[str, object], struct: Any, path: str, strict: bool) -> Iterator[FieldError]:
    fields = {field.encode_name: field for field in structs.fields(struct)}
    for name in value:
        if name not in fields:
            shown = name[:_MAX_SHOWN]
            yield FieldError(
                path=_join(path, shown),
                message=f"is not known{did_you_mean(name, fields)}; known here: {', '.join(fields)}",
            )
    for name, field in fields.items():
        if name in value:
            yield from field_errors(value[name], field.type, path=_join(path, name), strict=strict)
        elif field.required:
            yield FieldError(path=_join(path, name), message="is missing")


def _leaf_errors(value: object, type_: Any, path: str, strict: bool) -> Iterator[FieldError]:
    if isinstance(value, int) and abs(value) >= _INT64:
        yield FieldError(path=path, message="must lie within ±9223372036854775807")
    elif (problem := _fits(value, type_, strict)) is not None:
        yield FieldError(path=path, message=_explain(problem, value, _without_unset(type_)))


def _fits(value: object, type_: Any, strict: bool) -> str | None:
    """What msgspec says against the value, None when it fits."""
    try:
        msgspec.convert(value, type_, strict=strict)
    except msgspec.ValidationError as error:
        return str(error)
    return None


def _explain(problem: str, value: object, type_: Any) -> str:
    """msgspec's message in the words of JSON."""
    choices = _choices(type_)
    if choices:
        return f"must be one of {', '.join(choices)}{did_you_mean(value, choices) if isinstance(value, str) else ''}"
    problem = re.sub(r" - at `[^`]*`$", "", problem)
    if "RFC3339" in problem or "timezone" in problem:
        return "must be an instant with a time zone, such as 2024-01-01T00:00:00Z"
    if "matching regex" in problem:
        return f"must look like {_described(type_)}" if _described(type_) else problem
    bound = re.fullmatch(r"Expected `(\w+)` (of length )?(<=|>=|<|>) ([-\d.e+]+)", problem)
    if bound:
        _, length, sign, limit = bound.groups()
        sign = {"<=": "at most", ">=": "at least", "<": "less than", ">": "more than"}[sign]
        limit = limit.removesuffix(".0")
        if not length:
            return f"must be {sign} {limit}"
        return f"must have {sign} {limit} {'characters' if isinstance(value, str) else 'items'}"
    wrong_type = re.fullmatch(r"Expected `([^`]+)`, got `([^`]+)`", problem)
    if wrong_type:
        wanted = dict.fromkeys(_WORDS.get(word, word) for word in wrong_type[1].split(" | "))
        if "a number" in wanted:
            wanted.pop("a whole number", None)
        return f"must be {' or '.join(wanted)}, not {_WORDS.get(wrong_type[2], wrong_type[2])}"
    return problem


def _join(path: str, name: str) -> str:
    shown = name[:_MAX_SHOWN]
    return f"{path}.{shown}" if path else shown


def _without_unset(type_: Any) -> Any:
    """The one type that a field may hold besides being left out; the type itself when it is a real union."""
    bare = _bare(type_)
    if get_origin(bare) in (Union, UnionType):
        members = [member for member in get_args(bare) if member is not UnsetType]
        if len(members) == 1:
            return _bare(members[0]) if not _described(members[0]) else members[0]
    return bare if not _described(type_) else type_


def _bare(type_: Any) -> Any:
    return get_args(type_)[0] if get_origin(type_) is Annotated else type_


def _described(type_: Any) -> str:
    """The description that an annotation carries."""
    if get_origin(type_) is not Annotated:
        return ""
    return next((meta.description for meta in type_.__metadata__ if getattr(meta, "description", None)), "")


def _is_struct(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, msgspec.Struct)


def _choices(type_: Any) -> tuple[str, ...]:
    bare = _bare(type_)
    return tuple(map(str, get_args(bare))) if get_origin(bare) is Literal else ()

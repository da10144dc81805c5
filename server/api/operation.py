"""One operation of the API: what routes it, and what the OpenAPI document tells of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.api.services import ApiServices
from server.contract.problems import ProblemCode

Handler = Callable[[ApiServices, Request], Awaitable[Response]]
Method = Literal["GET", "POST", "DELETE"]


@dataclass(frozen=True)
class Body:
    """A request body: JSON of a struct, or bytes of a media type, or of a further one, when `struct` is None.

    `example_queries`: what examples say in the query, by their names.
    """

    struct: type[msgspec.Struct] | None = None
    media_type: str = "application/json"
    further: tuple[str, ...] = ()
    description: str = ""
    examples: Mapping[str, Any] = field(default_factory=dict)
    example_queries: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """A successful answer; `type_` None means that it has no JSON body. `media` lists further media types."""

    description: str
    type_: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """`query` is a struct whose fields are the query parameters; an unknown parameter is refused."""

    method: Method
    path: str
    id: str
    tag: str
    summary: str
    handler: Handler
    answers: Mapping[int, Answer]
    description: str = ""
    query: type[msgspec.Struct] | None = None
    body: Body | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[ProblemCode, ...] = ()

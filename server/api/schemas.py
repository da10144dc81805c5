"""JSON schemas of the contract's structs, for the documents that describe the API."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, get_args

import msgspec
from msgspec import UnsetType, structs

from server.contract.base import Model, Request

REF: Final = "#/components/schemas/{name}"
_OF_THE_API: Final = ("server.contract.", "server.api.")
"""Others of the same name may be imported too: what an executor sends its workers is none of it."""

Json = dict[str, Any]


def components(types: Iterable[Any]) -> Json:
    """The schemas of these types and of all that they hold, by name."""
    _, schemas = msgspec.json.schema_components(types, ref_template=REF)
    models = {model.__name__: model for model in _structs_below(Model) if model.__module__.startswith(_OF_THE_API)}
    return {name: _exact(schemas[name], models.get(name)) for name in sorted(schemas)}


def schema_of(type_: Any) -> Json:
    """The schema of a type, structs as references."""
    (schema,), _ = msgspec.json.schema_components([type_], ref_template=REF)
    return _one_of(schema)


def reference(name: str) -> Json:
    """A reference to the schema of a struct."""
    return {"$ref": REF.format(name=name)}


def _structs_below(base: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for found in base.__subclasses__():
        yield found
        yield from _structs_below(found)


def _exact(schema: Json, model: type[msgspec.Struct] | None) -> Json:
    """What a server sends holds every field that is not declared as left out: it is required, and has no default."""
    if model is None or issubclass(model, Request):
        return schema
    always = {field.encode_name for field in structs.fields(model) if UnsetType not in get_args(field.type)}
    properties = {
        name: {key: value for key, value in field.items() if key != "default"}
        for name, field in schema["properties"].items()
    }
    tag = schema["required"][:1] if model.__struct_config__.tag is not None else []
    required = [*tag, *(name for name in properties if name in always)]
    return {**schema, "properties": properties, "required": required}


def _one_of(schema: Json) -> Json:
    """Tagged unions match exactly one of their members."""
    if "discriminator" in schema:
        return {"oneOf": schema["anyOf"], "discriminator": schema["discriminator"]}
    return schema

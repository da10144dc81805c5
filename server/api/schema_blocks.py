"""JSON schemas as tables and words."""

import json
from collections.abc import Mapping
from typing import Any, Final

from server.api.blocks import Entry, Table, Text, link

Schema = Mapping[str, Any]

_BOUNDS: Final = (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"))


def entry(name: str, schema: Schema) -> Entry:
    """A schema with all its fields."""
    about = (Text(text),) if (text := schema.get("description", "")) else ()
    return Entry(name, "", (*about, fields(schema) if "properties" in schema else Text(type_of(schema))))


def fields(schema: Schema) -> Table:
    """The fields of an object; without a column for words where nobody has any."""
    required = schema.get("required", ())
    rows = [
        (f"`{name}`", type_of(part), "always" if name in required else "optional", part.get("description", ""))
        for name, part in schema["properties"].items()
    ]
    width = 4 if any(row[3] for row in rows) else 3
    return Table(("Field", "Type", "", "")[:width], tuple(row[:width] for row in rows))


def type_of(schema: Schema) -> str:
    """A schema in a few words, with links to the others."""
    if "$ref" in schema:
        return link(schema["$ref"].rpartition("/")[2])
    for union in ("oneOf", "anyOf"):
        if union in schema:
            return " | ".join(type_of(member) for member in schema[union])
    if "enum" in schema:
        return " | ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    items = schema.get("prefixItems", schema.get("items"))
    if isinstance(items, list):
        return f"({', '.join(type_of(member) for member in items)})"
    if schema.get("type") == "array":
        return f"list of {type_of(items or {})}"
    if isinstance(schema.get("additionalProperties"), Mapping):
        return f"map of {type_of(schema['additionalProperties'])}"
    if schema.get("properties"):
        return f"object of {', '.join(f'`{name}`' for name in schema['properties'])}"
    bounds = "".join(f" {sign} {schema[key]}" for key, sign in _BOUNDS if key in schema)
    default = f" = `{json.dumps(schema['default'])}`" if "default" in schema else ""
    return f"{schema.get('format', schema.get('type', 'any'))}{bounds}{default}"

"""The OpenAPI document as one HTML page that needs no network and no script."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

Json = Mapping[str, Any]

_STYLE: Final = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--link:#2563c9}
@media(prefers-color-scheme:dark){:root{--link:#7db1ff}}
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:1rem 1.25rem 4rem}
a{color:var(--link)}code,pre{font:13px/1.45 ui-monospace,monospace}
pre{background:var(--soft);padding:.75rem;overflow:auto;border-radius:6px}
details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;padding:.4rem .75rem}
summary{cursor:pointer}summary code{font-weight:600}
.m{display:inline-block;min-width:4.2rem;font:600 12px ui-monospace,monospace}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
td,th{text-align:left;vertical-align:top;border-bottom:1px solid var(--line);padding:.25rem .5rem .25rem 0}
h2{margin-top:2.5rem}h4{margin:1rem 0 .25rem}
"""

CONTENT_SECURITY_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Allows the style that stands in the page, and nothing else."""


def render(document: Json) -> str:
    """The whole page."""
    info = document["info"]
    return "\n".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style></head><body>",
            f"<h1>{escape(info['title'])} API <small>{escape(info['version'])}</small></h1>",
            f'<p>{_text(info["description"])}</p><p><a href="openapi.json">openapi.json</a> · ',
            " · ".join(f'<a href="#{_id(tag["name"])}">{escape(tag["name"])}</a>' for tag in document["tags"]),
            ' · <a href="#schemas">schemas</a></p>',
            *_sections(document),
            '<h2 id="schemas">schemas</h2>',
            *(_schema(name, schema) for name, schema in document["components"]["schemas"].items()),
            "</body></html>",
        )
    )


def _sections(document: Json) -> Iterator[str]:
    for tag in document["tags"]:
        yield f'<h2 id="{_id(tag["name"])}">{escape(tag["name"])}</h2>'
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if tag["name"] in operation["tags"]:
                    yield _operation(method.upper(), path, operation)


def _operation(method: str, path: str, operation: Json) -> str:
    parts = [
        f'<details id="{_id(operation["operationId"])}"><summary><span class="m">{method}</span>',
        f"<code>{escape(path)}</code> {escape(operation['summary'])}</summary>",
        f"<p>{_text(operation.get('description', ''))}</p>",
    ]
    if operation["parameters"]:
        rows = (
            (
                f"<code>{escape(parameter['name'])}</code>",
                f"{parameter['in']}{', required' if parameter['required'] else ''}",
                _type(parameter["schema"]),
                _text(parameter.get("description", "")),
            )
            for parameter in operation["parameters"]
        )
        parts += ["<h4>Parameters</h4>", _table(rows)]
    if "requestBody" in operation:
        parts += _body(path, operation["requestBody"])
    answers = (
        (f"<code>{status}</code>", _text(answer["description"]), _media(answer.get("content", {})))
        for status, answer in operation["responses"].items()
    )
    return "\n".join((*parts, "<h4>Answers</h4>", _table(answers), "</details>"))


def _body(path: str, body: Json) -> Iterator[str]:
    yield f"<h4>Body</h4><p>{_text(body.get('description', ''))} {_media(body['content'])}</p>"
    for media_type, content in body["content"].items():
        for example in content.get("examples", {}).values():
            value = example["value"]
            text = value if isinstance(value, str) else json.dumps(value, indent=1)
            command = f"curl -H 'Content-Type: {media_type}' http://127.0.0.1:8000{path} --data-binary '{text}'"
            yield f"<pre>{escape(command, quote=False)}</pre>"


def _schema(name: str, schema: Json) -> str:
    head = f'<details id="{_id(name)}"><summary><code>{escape(name)}</code></summary>'
    required = schema.get("required", ())
    rows = (
        (
            f"<code>{escape(field)}</code>",
            _type(part),
            "always" if field in required else "optional",
            _text(part.get("description", "")),
        )
        for field, part in schema.get("properties", {}).items()
    )
    content = _table(rows) if "properties" in schema else f"<p>{_type(schema)}</p>"
    return f"{head}<p>{_text(schema.get('description', ''))}</p>{content}</details>"


def _type(schema: Json) -> str:
    """A schema in a few words, with links to the components."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#{_id(name)}">{escape(name)}</a>'
    for union in ("oneOf", "anyOf"):
        if union in schema:
            return " | ".join(_type(member) for member in schema[union])
    if "enum" in schema:
        return " | ".join(f"<code>{escape(json.dumps(value))}</code>" for value in schema["enum"])
    if "prefixItems" in schema:
        return f"[{', '.join(_type(member) for member in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"{{name: {_type(schema['additionalProperties'])}}}"
    bounds = "".join(
        f" {sign} {schema[key]}"
        for key, sign in (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<"))
        if key in schema
    )
    default = f" = {json.dumps(schema['default'])}" if "default" in schema else ""
    return escape(f"{schema.get('format', schema.get('type', 'any'))}{bounds}{default}")


def _media(content: Json) -> str:
    return ", ".join(f"{escape(media_type)}: {_type(part['schema'])}" for media_type, part in content.items())


def _table(rows: Iterator[tuple[str, ...]]) -> str:
    lines = ("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{''.join(lines)}</table>"


def _text(text: str) -> str:
    """Escaped, with `code` between back quotes."""
    return "".join(
        f"<code>{escape(part)}</code>" if index % 2 else escape(part) for index, part in enumerate(text.split("`"))
    )


def _id(name: str) -> str:
    return escape(name, quote=True)

"""A reference page as HTML that needs no network and no script."""

import base64
import hashlib
import re
from html import escape
from typing import Final, assert_never

from server.api.blocks import Block, Code, Entry, Heading, Page, Table, Text, anchor, headings

_STYLE: Final = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--link:#2563c9}
@media(prefers-color-scheme:dark){:root{--link:#7db1ff}}
body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:0 auto;padding:1rem 1.25rem 4rem}
a{color:var(--link)}code,pre{font:13px/1.45 ui-monospace,monospace}
pre{background:var(--soft);padding:.75rem;overflow:auto;border-radius:6px}
details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;padding:.4rem .75rem}
summary{cursor:pointer}summary code{font-weight:600}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
td,th{text-align:left;vertical-align:top;border-bottom:1px solid var(--line);padding:.25rem .5rem .25rem 0}
h2{margin-top:2.5rem}
"""

CONTENT_SECURITY_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Allows the style that stands in the page, and nothing else."""

_MARKED: Final = re.compile(r"`([^`]+)`|\[([^\]]+)\]\((#[^)]+)\)")


def html_of(page: Page) -> str:
    """The whole page."""
    beside = [(title, f"#{anchor(title)}") for title in headings(page.blocks)]
    links = " · ".join(f'<a href="{escape(to)}">{escape(words)}</a>' for words, to in (*page.other, *beside))
    return "\n".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(page.title)}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{escape(page.title)} <small>{escape(page.version)}</small></h1>",
            f"<p>{_marked(page.about)}</p><p>{links}</p>",
            *map(_block, page.blocks),
            "</body></html>",
        )
    )


def _block(block: Block) -> str:
    match block:
        case Heading(title):
            return f'<h2 id="{anchor(title)}">{escape(title)}</h2>'
        case Entry(title, beside, about):
            head = f'<details id="{anchor(title)}"><summary><code>{escape(title)}</code> {_marked(beside)}</summary>'
            return "\n".join((head, *map(_block, about), "</details>"))
        case Text(text):
            return f"<p>{_marked(text)}</p>"
        case Table(heads, rows):
            first = _row("th", heads) if any(heads) else ""
            return f"<table>{first}{''.join(_row('td', row) for row in rows)}</table>"
        case Code(_, lines):
            return f"<pre>{escape(lines, quote=False)}</pre>"
        case _:
            assert_never(block)


def _row(tag: str, cells: tuple[str, ...]) -> str:
    return f"<tr>{''.join(f'<{tag}>{_marked(cell)}</{tag}>' for cell in cells)}</tr>"


def _marked(text: str) -> str:
    """Escaped, with code and links."""
    made, end = [], 0
    for found in _MARKED.finditer(text):
        made.append(escape(text[end : found.start()]))
        code, words, to = found.groups()
        made.append(f"<code>{escape(code)}</code>" if code else f'<a href="{escape(to)}">{escape(words)}</a>')
        end = found.end()
    return "".join((*made, escape(text[end:])))

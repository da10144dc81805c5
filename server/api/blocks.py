"""What a reference page is made of, whatever it is written as.

Texts are in the small part of Markdown that both writers know: `code` between back quotes, and links to headings
of the same page, `[Name](#name)`.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple


class Heading(NamedTuple):
    """Begins a part of the page."""

    title: str


class Entry(NamedTuple):
    """One thing that is described: its title, a few words beside that, and all about it."""

    title: str
    beside: str
    about: "tuple[Block, ...]"


class Text(NamedTuple):
    """A paragraph."""

    text: str


class Table(NamedTuple):
    """Rows under the heads of their columns."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Code(NamedTuple):
    """Lines as they are; a word behind the language says what they are, as in `json message`."""

    language: str
    lines: str


Block = Heading | Entry | Text | Table | Code


class Page(NamedTuple):
    """A whole page; `other` lists what lies beside it as pairs of words and address."""

    title: str
    version: str
    about: str
    other: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]


def headings(blocks: Iterable[Block]) -> list[str]:
    """The titles of the parts, in order."""
    return [block.title for block in blocks if isinstance(block, Heading)]


def anchor(title: str) -> str:
    """The name under which links find a title, as GitHub makes it."""
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


def link(title: str) -> str:
    """A link to what has this title."""
    return f"[{title}](#{anchor(title)})"

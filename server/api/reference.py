"""The reference of the API as Markdown for docs/reference: `python -m server.api.reference FOLDER` writes it."""

import sys
from pathlib import Path
from typing import Final, assert_never

from server.api import asyncapi, rest_page, websocket_page
from server.api.blocks import Block, Code, Entry, Heading, Page, Table, Text, headings, link

_HEAD: Final = "<!-- Made by `make reference` from the structs in server/contract; do not edit. -->\n"


def markdown_of(page: Page) -> str:
    """The whole page; the version is left out, lest a release change every page."""
    parts = " · ".join(link(title) for title in headings(page.blocks))
    return "\n".join((_HEAD, f"# {page.title}\n", f"{page.about}\n", f"{parts}\n", *map(_block, page.blocks)))


def _block(block: Block) -> str:
    match block:
        case Heading(title):
            return f"## {title}\n"
        case Entry(title, beside, about):
            return "\n".join((f"### {title}\n", *([f"{beside}\n"] if beside else []), *map(_block, about)))
        case Text(text):
            return f"{_plain(text)}\n"
        case Table(heads, rows):
            return "\n".join((_row(heads), f"|{'---|' * len(heads)}", *map(_row, rows), ""))
        case Code(language, lines):
            return f"```{language}\n{lines}\n```\n"
        case _:
            assert_never(block)


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(_plain(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def _plain(text: str) -> str:
    """On one line, and no HTML outside of code."""
    parts = text.replace("\n", " ").split("`")
    return "`".join(part if at % 2 else part.replace("<", "&lt;") for at, part in enumerate(parts))


def files() -> dict[str, str]:
    """The text of each file by its name."""
    from server.api.table import openapi_document  # the table holds the operations that serve these documents

    return {
        "rest.md": markdown_of(rest_page.page(openapi_document())),
        "websocket.md": markdown_of(websocket_page.page(asyncapi.document())),
    }


def main() -> None:
    """Writes the files into a folder."""
    (folder,) = sys.argv[1:]
    for name, text in files().items():
        (Path(folder) / name).write_text(text)


if __name__ == "__main__":
    main()

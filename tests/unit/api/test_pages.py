"""Pages of blocks, written as HTML and as Markdown."""

import pytest

from server.api.blocks import Block, Code, Entry, Heading, Page, Table, Text, anchor
from server.api.html_page import html_of
from server.api.reference import markdown_of


def page_of(*blocks: Block) -> Page:
    return Page(title="A page", version="1.2.3", about="About it.", other=(("elsewhere", "/there"),), blocks=blocks)


def test_html_shows_code_and_links_and_escapes_the_rest() -> None:
    html = html_of(page_of(Text("a < b, `c < d` and [Name](#name)")))
    assert '<p>a &lt; b, <code>c &lt; d</code> and <a href="#name">Name</a></p>' in html


@pytest.mark.parametrize(
    "text", ["<script>", "`<script>`", "[<script>](#<script>)", "[x](javascript:alert)", '[x](#"onclick=")']
)
def test_html_lets_no_text_become_markup(text: str) -> None:
    html = html_of(page_of(Heading(text), Entry(text, text, (Table((text,), ((text,),)), Code("sh", text)))))
    body = html.partition("</head>")[2]
    assert "<script" not in body
    assert 'href="javascript' not in body
    assert 'href="#"' not in body


def test_html_leads_to_its_parts_and_to_what_lies_beside_it() -> None:
    html = html_of(page_of(Heading("First part"), Text("…")))
    assert '<a href="/there">elsewhere</a> · <a href="#first-part">First part</a>' in html
    assert '<h2 id="first-part">First part</h2>' in html


def test_markdown_keeps_a_row_on_its_line_and_its_cells_apart() -> None:
    markdown = markdown_of(page_of(Table(("Name", ""), (("`a`", "one | other\nof < many"),))))
    assert "| `a` | one \\| other of &lt; many |" in markdown


def test_markdown_tells_no_version_so_that_a_release_changes_no_page() -> None:
    assert "1.2.3" not in markdown_of(page_of(Heading("Part")))


def test_an_anchor_is_that_of_github() -> None:
    assert anchor("GET /api/backtests/{runKey}") == "get-apibacktestsrunkey"

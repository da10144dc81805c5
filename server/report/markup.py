"""HTML that is escaped by the way it is made: text becomes markup in `element` alone."""

from collections.abc import Iterable, Sequence
from html import escape


class Html(str):
    """Markup; any other text is escaped where it becomes part of some."""

    __slots__ = ()


EMPTY = Html("")


def element(name: str, *content: str, **attributes: str | float | None) -> Html:
    """An element; `class_` and `stroke_width` as `class` and `stroke-width`, None leaves an attribute out."""
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_plain(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{told}>{joined(content)}</{name}>")


def joined(parts: Iterable[str]) -> Html:
    """Parts one after the other, those that are no markup escaped."""
    return Html("".join(part if isinstance(part, Html) else escape(part) for part in parts))


def section(title: str, *content: str, note: str = "") -> Html:
    """A part of the report under its heading; nothing without content."""
    if not any(content):
        return EMPTY
    head = element("h2", title, *([" ", element("small", note)] if note else []))
    return element("section", head, *content)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1, class_: str | None = None) -> Html:
    """A table whose first `left` columns are text, all others numbers."""

    def cell(name: str, place: int, content: str) -> Html:
        return element(name, content, class_=None if place < left else "n", scope="col" if name == "th" else None)

    heads = joined(cell("th", place, text) for place, text in enumerate(head))
    body = joined(element("tr", *(cell("td", place, text) for place, text in enumerate(row))) for row in rows)
    whole = element("table", element("thead", element("tr", heads)), element("tbody", body), class_=class_)
    return wide(whole)


def wide(content: Html) -> Html:
    """A frame in which what is too wide scrolls, by keyboard too."""
    return element("div", content, class_="wide", tabindex=0)


def facts(pairs: Iterable[tuple[str, str]]) -> Html:
    """Names with their values."""
    return element("dl", *(element("div", element("dt", name), element("dd", value)) for name, value in pairs))


def chart(label: str, *content: str, height: float) -> Html:
    """A picture 1,000 wide that scrolls where there is no room for it; `label` says what it shows."""
    drawn = element(
        "svg", element("title", label), *content, viewBox=f"0 0 1000 {_plain(height)}", role="img", aria_label=label
    )
    return element("figure", drawn, tabindex=0)


def code(text: str) -> Html:
    """Lines to be copied."""
    return element("pre", text, tabindex=0)


def _plain(value: str | float) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)

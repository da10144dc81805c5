"""The texts of the project: README and docs, with the blocks of code in them and where they link to."""

import re
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
TEXTS: Final = ("README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md")))

_BLOCK: Final = re.compile(
    r"(?:^<!-- file: (?P<file>\S+) -->\n)?^```(?P<language>\w*) ?(?P<words>[^\n]*)\n(?P<code>.*?)^```$",
    re.DOTALL | re.MULTILINE,
)


class Block(NamedTuple):
    """Code in a text; `words` stand behind its language, `file` is the one that a reader puts it into."""

    text: str
    line: int
    language: str
    words: str
    code: str
    file: str | None

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.text}:{self.line}"

    @property
    def reason_to_skip(self) -> str | None:
        """Why nothing runs it, None when something does."""
        return self.words.removeprefix("skip: ") if self.words.startswith("skip: ") else None


def text_of(name: str) -> str:
    """The whole text."""
    return (ROOT / name).read_text()


def blocks_of(name: str) -> list[Block]:
    """Its blocks of code, in order."""
    text = text_of(name)
    return [
        Block(
            name,
            text.count("\n", 0, found.start()) + 1,
            found["language"],
            found["words"],
            found["code"],
            found["file"],
        )
        for found in _BLOCK.finditer(text)
    ]


def is_lines_of_a_strategy(block: Block) -> bool:
    """Whether it shows lines of an `on_bar` without what stands around them."""
    return (block.language, block.words) == ("python", "on_bar")


def is_strategy(block: Block) -> bool:
    """Whether it shows a strategy, or lines of one, rather than a program."""
    return block.language == "python" and (is_lines_of_a_strategy(block) or "from server.strategies" in block.code)


def links_of(name: str) -> list[str]:
    """Where it links to within the repository; code is left out."""
    prose = re.sub(r"`[^`\n]*`", "", _BLOCK.sub("", text_of(name)))
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", prose) if not re.match(r"\w+:", target)]


@cache
def anchors_of(path: Path) -> frozenset[str]:
    """The headings of a text as links name them, the second of one name with -1."""
    found: dict[str, int] = {}
    anchors = set()
    for heading in re.findall(r"^#+ (.*)$", _BLOCK.sub("", path.read_text()), re.MULTILINE):
        anchor = re.sub(r"[^\w -]", "", re.sub(r"\]\([^)]*\)", "", heading).lower()).replace(" ", "-")
        count = found[anchor] = found.get(anchor, -1) + 1
        anchors.add(f"{anchor}-{count}" if count else anchor)
    return frozenset(anchors)

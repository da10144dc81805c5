"""The page that holds the measured tables, each between marks that name its part."""

from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def write(name: str, text: str) -> None:
    """Replaces the table of a part; ValueError when the page has no place for it."""
    begin, end = f"<!-- figures: {name} -->", "<!-- /figures -->"
    before, found, rest = PAGE.read_text().partition(begin)
    _, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"{PAGE.name} has no place for the figures of {name}")
    PAGE.write_text(f"{before}{begin}\n{text}{end}{after}")

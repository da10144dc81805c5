"""How Sphinx makes the site: `make docs`. What stands in it, and in which order, the lists of docs/README.md say."""

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

project = "AlgoTradeForge"
author = "the AlgoTradeForge contributors"
(release,) = re.findall(r'^__version__ = "(.*)"$', (ROOT / "server/__init__.py").read_text(), re.MULTILINE)

extensions = ["myst_parser"]
include_patterns = ["README.md", "docs/**.md"]
exclude_patterns = ["web", "server", "tests", "build", "dist", ".*"]
root_doc = "docs/README"

myst_enable_extensions = []
myst_heading_anchors = 4
# Diagrams stay text: what draws them would have to come from another host.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False


def add_contents(app: Any, name: str, text: list[str]) -> None:
    """Makes the tables of contents from the lists of an index, so that it reads in the repository too."""
    if not name.startswith("docs/") or not name.endswith("README"):
        return
    parts = re.split(r"^## (.*)$", text[0], flags=re.MULTILINE)
    for caption, part in zip(["", *parts[1::2]], parts[0::2], strict=True):
        pages = re.findall(r"^(?:-|\d+\.) \[([^\]]*)\]\(([^)#:]+)\.md\)", part, re.MULTILINE)
        if pages:
            lines = (
                ":hidden:",
                *([f":caption: {caption}"] if caption else []),
                "",
                *(f"{title} <{page}>" for title, page in pages),
            )
            text[0] += "\n\n```{toctree}\n" + "\n".join(lines) + "\n```\n"


def add_front_door(app: Any, error: Exception | None) -> None:
    """Leads from the folder of the site to its index, which lies where it does in the repository."""
    if error is None:
        door = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=docs/README.html">'
        (Path(app.outdir) / "index.html").write_text(door)


def setup(app: Any) -> None:
    """Called by Sphinx."""
    app.connect("source-read", add_contents)
    app.connect("build-finished", add_front_door)

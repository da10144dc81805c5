"""Whatever a text links to is there, and every page is found."""

import re

import pytest

from tests.documents.texts import ROOT, TEXTS, anchors_of, links_of, text_of


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_links_to_what_exists(name: str) -> None:
    missing = []
    for target in links_of(name):
        file, _, anchor = target.partition("#")
        path = ((ROOT / name).parent / file).resolve() if file else ROOT / name
        if not path.exists() or (anchor and anchor not in anchors_of(path)):
            missing.append(target)
    assert missing == []


def test_every_page_is_listed_in_an_index() -> None:
    listed = {"docs/README.md"}
    for index in ("docs/README.md", "docs/decisions/README.md"):
        folder = (ROOT / index).parent
        for target in re.findall(r"^(?:-|\d+\.) \[[^\]]*\]\(([^)#:]+)\)", text_of(index), re.MULTILINE):
            listed.add(str((folder / target).resolve().relative_to(ROOT.resolve())))
    assert set(TEXTS) - listed == set()

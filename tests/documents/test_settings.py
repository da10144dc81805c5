"""Settings are told as they are."""

from server.variables import VARIABLES
from tests.documents.texts import TEXTS, blocks_of, text_of


def settings_table() -> str:
    """The table of settings as it must stand in the README."""
    rows = "".join(
        f"| `{one.name}` | {f'`{one.default}`' if one.default else ''} | {one.meaning} |\n" for one in VARIABLES
    )
    return f"| Variable | Default | Meaning |\n|---|---|---|\n{rows}"


def test_every_setting_is_in_the_readme() -> None:
    between = text_of("README.md").partition("<!-- settings -->\n")[2].partition("<!-- /settings -->")[0]
    assert between == settings_table()


def test_every_setting_in_an_example_is_one() -> None:
    names = {variable.name for variable in VARIABLES}
    blocks = [
        block for name in TEXTS for block in blocks_of(name) if (block.language, block.words) == ("ini", "settings")
    ]
    assert blocks
    for block in blocks:
        assert {line.partition("=")[0] for line in block.code.splitlines()} <= names, block.place

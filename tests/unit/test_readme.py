"""The README tells the truth."""

from pathlib import Path

from server.settings import VARIABLES

README = Path(__file__).parents[2] / "README.md"


def settings_table() -> str:
    """The table of settings as it must stand in the README."""
    rows = "".join(
        f"| `{one.name}` | {f'`{one.default}`' if one.default else ''} | {one.meaning} |\n" for one in VARIABLES
    )
    return f"| Variable | Default | Meaning |\n|---|---|---|\n{rows}"


def test_every_setting_is_in_the_readme() -> None:
    between = README.read_text().partition("<!-- settings -->\n")[2].partition("<!-- /settings -->")[0]
    assert between == settings_table()


def test_the_readme_links_to_what_exists() -> None:
    text = README.read_text()
    targets = [part.partition(")")[0] for part in text.split("](")[1:]]
    missing = [target for target in targets if not target.startswith("http") and not (README.parent / target).exists()]
    assert missing == []

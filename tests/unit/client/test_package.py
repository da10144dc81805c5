"""The package as programs import it."""

import subprocess
import sys

import pytest

import server.client

HEAVY = ("httpx", "numpy", "pandas", "polars", "pyarrow", "rich", "server.settings", "server.strategies")


@pytest.mark.parametrize("named", [["Forge", "AsyncForge"], sorted(server.client.__all__)])
def test_the_client_is_a_light_import(named: list[str]) -> None:
    program = (
        "import sys\n"
        f"from server.client import {', '.join(named)}\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


def test_a_name_that_is_not_there_is_missing_as_in_any_module() -> None:
    with pytest.raises(ImportError, match="cannot import name 'Forget'"):
        from server.client import Forget  # type: ignore[attr-defined]  # noqa: F401

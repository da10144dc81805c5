"""One owner a home."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from server.runs.home import Home, HomeInUse

HOLDER = """
import sys
from pathlib import Path
from server.runs.home import Home
with Home(Path(sys.argv[1])).owned():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_owner_is_refused_with_the_first_ones_process(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(HomeInUse) as caught, Home(tmp_path).owned():
            pass
        assert f"process {holder.pid}" in str(caught.value)
        holder.kill()
    with Home(tmp_path).owned():
        assert json.loads((tmp_path / "owner.lock").read_text())["pid"] != holder.pid


def test_the_home_is_free_again_after_its_owner(tmp_path: Path) -> None:
    for _ in range(2):
        with Home(tmp_path).owned():
            pass

"""The environment of the engines that ours is measured beside."""

import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

_REQUIREMENTS: Final = Path(__file__).with_name("peers.txt")
_FOLDER: Final = Path(__file__).parents[2] / ".bench" / "venv"
_INSTALLED: Final = _FOLDER / "installed.txt"


def peer_python() -> Path:
    """The interpreter of an environment with all that peers.txt names and that can be installed here.

    Made on the first call and anew when peers.txt has changed. What cannot be installed is told and left out: to
    measure it then fails, which is told in its place.
    """
    python = _FOLDER / "bin" / "python"
    wanted = _REQUIREMENTS.read_text()
    if _INSTALLED.is_file() and _INSTALLED.read_text() == wanted:
        return python
    print(f"making {_FOLDER} with what {_REQUIREMENTS.name} names", file=sys.stderr)
    venv.create(_FOLDER, clear=True, symlinks=True, with_pip=True)
    if _install(python, "--requirement", str(_REQUIREMENTS)):
        _INSTALLED.write_text(wanted)
        return python
    for line in wanted.splitlines():
        if not line.startswith("#") and not _install(python, line):
            print(f"cannot install {line}", file=sys.stderr)
    return python


def _install(python: Path, *what: str) -> bool:
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    return subprocess.run([*pip, *what], capture_output=True, check=False).returncode == 0

"""Which Chromium is started, and how."""

import os
import shutil
import subprocess
from typing import Any, Final

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_ALONE: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
"""Nothing of its own over the network, nothing that a container lacks."""


def launch_options() -> dict[str, Any]:
    """The system's Chromium where there is one that starts, else Playwright's; in its sandbox unless root runs it."""
    found = next(filter(_starts, filter(None, map(shutil.which, _NAMES))), None)
    own = {"executable_path": found} if found else {}
    return own | {"args": [*_ALONE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]}


def _starts(browser: str) -> bool:
    # as .ci/chromium.sh asks: Ubuntu's command of this name may be a stub for a snap
    return subprocess.run([browser, "--version"], capture_output=True, check=False).returncode == 0

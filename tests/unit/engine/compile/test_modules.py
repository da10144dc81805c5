"""Generated modules on disk, and which of them are forgotten."""

import os
import time
from pathlib import Path

from server.engine.compile.modules import forget_old, load_module

_LONG_AGO_S = 31 * 86_400


def kept(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("*") if path.is_file()}


def test_what_nobody_loaded_for_a_month_is_forgotten_with_its_machine_code(tmp_path: Path) -> None:
    for name in ("strategy_old", "strategy_new"):
        load_module(tmp_path, name, "VALUE = 1\n")
        (tmp_path / "__pycache__").mkdir(exist_ok=True)
        (tmp_path / "__pycache__" / f"{name}.run-1.py311.nbi").touch()
    long_ago = time.time() - _LONG_AGO_S
    os.utime(tmp_path / "strategy_old.used", (long_ago, long_ago))
    forget_old(tmp_path)
    assert kept(tmp_path) == {"strategy_new.py", "strategy_new.used"}
    assert not any(name.startswith("strategy_old") for name in kept(tmp_path / "__pycache__"))
    assert "strategy_new.run-1.py311.nbi" in kept(tmp_path / "__pycache__")


def test_a_module_that_is_loaded_again_counts_as_used(tmp_path: Path) -> None:
    (tmp_path / "strategy_kept.py").write_text("VALUE = 2\n")
    (tmp_path / "strategy_kept.used").touch()
    long_ago = time.time() - _LONG_AGO_S
    os.utime(tmp_path / "strategy_kept.used", (long_ago, long_ago))
    assert load_module(tmp_path, "strategy_kept", "VALUE = 2\n").VALUE == 2
    forget_old(tmp_path)
    assert kept(tmp_path) == {"strategy_kept.py", "strategy_kept.used"}

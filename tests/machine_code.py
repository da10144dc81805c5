"""Where tests keep the machine code of strategies: the kernel takes seconds to compile, once for all of them."""

from pathlib import Path
from typing import Final

COMPILED: Final = Path(__file__).resolve().parents[1] / ".make" / "compiled"
"""Files are named by the hash of their text, so what lies here from before is either right or not used."""

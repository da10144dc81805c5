"""Strategies written as text by tests, loaded from a file as those of users are."""

import hashlib
import importlib.util
import itertools
import sys
import textwrap
from pathlib import Path
from typing import Final

from server.strategies import Strategy

HEADER: Final = """\
import math
from server.strategies import *
from server.strategies import Bar, Fill, Indicator, Open, Strategy, Window, int_window, param, window

"""
HEADER_LINES: Final = HEADER.count("\n")
_numbers = itertools.count()


def written(folder: Path, text: str, *, name: str = "Probe", header: str = HEADER) -> type[Strategy]:
    """The strategy `name` of a file with this text below the usual imports; as a frozen copy, which `shown_file`
    calls probe.py."""
    whole = header + textwrap.dedent(text)
    digest = hashlib.sha256(f"{next(_numbers)}{whole}".encode()).hexdigest()
    place = folder / digest
    place.mkdir(parents=True)
    file = place / "probe.py"
    file.write_text(whole)
    spec = importlib.util.spec_from_file_location(f"probe_{digest}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    found: type[Strategy] = getattr(module, name)
    return found


def bars_of_code(*lines: str, init: str = "pass", before: str = "", methods: str = "") -> str:
    """A class Probe whose `on_bar` has these lines."""
    body = "\n".join(lines)
    return "\n".join(
        (
            textwrap.dedent(before),
            "class Probe(Strategy):",
            "    def init(self):",
            textwrap.indent(textwrap.dedent(init), " " * 8),
            textwrap.indent(textwrap.dedent(methods), " " * 4),
            "    def on_bar(self, bar):",
            textwrap.indent(textwrap.dedent(body), " " * 8),
            "",
        )
    )

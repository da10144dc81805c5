"""Names a strategy's source by its content and keeps a copy under that name."""

import ast
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

_VERSIONED: Final = b"forge source 1\n"


def collect_source(folder: Path, entry: str) -> dict[str, bytes]:
    """The file `entry` of `folder` with every local module that it imports, directly or not, by relative path.

    A local package comes whole. Raises SyntaxError for a file that does not parse, OSError for one that is not read.
    """
    found: dict[str, bytes] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = (folder / name).read_bytes()
        tree = ast.parse(found[name], filename=name)
        here = Path(name).parent
        for imported, level in _imports(tree):
            waiting += _local_files(folder, imported, level, here)
    return found


def source_hash(entry: str, files: Mapping[str, bytes]) -> str:
    """SHA-256 over the entry's name and every file's path and content, in hex."""
    digest = hashlib.sha256(_VERSIONED + entry.encode())
    for name in sorted(files):
        digest.update(f"\n{name}\n{len(files[name])}\n".encode())
        digest.update(files[name])
    return digest.hexdigest()


def stage(frozen_root: Path, digest: str, files: Mapping[str, bytes]) -> Path:
    """Writes the files to a scratch folder beside the frozen ones; its last part is the hash, as in the final place."""
    frozen_root.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".staged-", dir=frozen_root)) / digest
    for name, content in files.items():
        target = scratch / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        target.chmod(0o444)
    return scratch


def keep(frozen_root: Path, digest: str, staged: Path) -> Path:
    """Moves a staged copy to its place in one step; a copy already there stays, being the same."""
    final = frozen_root / digest
    if not final.exists():
        try:
            staged.rename(final)
        except OSError:
            if not final.exists():  # another process was not first: the disk is the trouble
                raise
    return final


def discard(staged: Path) -> None:
    """Removes what is left of a staged copy."""
    shutil.rmtree(staged.parent, ignore_errors=True)


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((alias.name, 0) for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                yield module or "", level
                for alias in names:
                    yield f"{module}.{alias.name}" if module else alias.name, level


def _local_files(folder: Path, imported: str, level: int, here: Path) -> list[str]:
    base = here
    for _ in range(level - 1):
        base = base.parent
    parts = [part for part in imported.split(".") if part]
    if not parts or (level == 0 and parts[0] == "server"):
        return []
    start = folder / base if level else folder
    package = start / parts[0]
    if (package / "__init__.py").is_file():
        return sorted(str(file.relative_to(folder)) for file in package.rglob("*.py"))
    module = package.with_name(f"{parts[0]}.py")
    return [str(module.relative_to(folder))] if module.is_file() else []

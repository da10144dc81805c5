"""Finds the strategies in folders of Python files; imports user code, so it runs in workers only."""

import ast
import inspect
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

from msgspec import structs

from server.contract.catalogue import SourceError, StrategyInfo
from server.contract.identity import STRATEGY_NAME_PATTERN, STRATEGY_VERSION_PATTERN
from server.strategies.errors import DeclarationError, plain_names, user_place
from server.strategies.freezing import collect_source, discard, keep, source_hash, stage
from server.strategies.loading import forget_frozen, import_frozen
from server.strategies.source import FoundStrategy, StrategySource
from server.strategies.strategy import Strategy, make_strategy, parameters_of
from server.strategies.templates import templates_for

SHIPPED_FOLDER: Final = Path(__file__).resolve().parent / "shipped"
_LONGEST_REASON: Final = 2_000


class _Origin(NamedTuple):
    """One file of a folder, frozen or staged at `directory`."""

    file: str
    digest: str
    directory: Path
    tree: ast.Module


def inspect_folders(folders: list[Path], frozen_root: Path, *, only: str | None = None) -> list[FoundStrategy]:
    """Every strategy of the shipped folder and of `folders`, and every file that does not load, with its reason.

    With `only` the file of this name alone is looked at in `folders`.

    Good sources are frozen under `frozen_root/{source_hash}/`. A name taken by an earlier file is an error of the
    later one. Raises OSError only when `frozen_root` cannot be written; a folder that is not there holds nothing.
    """
    found: list[FoundStrategy] = []
    taken: dict[str, str] = {}
    for folder in dict.fromkeys([SHIPPED_FOLDER, *(path.resolve() for path in folders)]):
        for path in _files(folder):
            if only is not None and folder != SHIPPED_FOLDER and path.name != only:
                continue
            found += [_unless_taken(strategy, taken) for strategy in _inspect_file(folder, path.name, frozen_root)]
    return found


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.glob("*.py") if path.is_file() and not path.name.startswith((".", "_")))


def _inspect_file(folder: Path, file: str, frozen_root: Path) -> list[FoundStrategy]:
    try:
        files = collect_source(folder, file)
        tree = ast.parse(files[file], filename=file)
    except SyntaxError as error:
        return [_broken(file, error.filename or file, error.lineno or 0, f"SyntaxError: {error.msg}")]
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        return [_broken(file, file, 0, f"{type(error).__name__}: {_reason(error)}")]
    digest = source_hash(file, files)
    staged = stage(frozen_root, digest, files)
    try:
        found = _inspect_staged(_Origin(file, digest, staged, tree))
        if any(strategy.source is not None for strategy in found):
            final = keep(frozen_root, digest, staged)
            found = [_moved(strategy, final) for strategy in found]
        return found
    finally:
        discard(staged)


def _inspect_staged(origin: _Origin) -> list[FoundStrategy]:
    space = f"staged_{origin.digest}"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a user's SyntaxWarning is no failure of ours
            module = import_frozen(origin.directory, space, Path(origin.file).stem)
        return [_describe(origin, strategy_class) for strategy_class in _strategies_of(module)]
    except BaseException as error:  # noqa: BLE001  # user code may raise anything at import
        file, line = user_place(error) or (origin.file, 0)
        if isinstance(error, SyntaxError):
            file, line = Path(error.filename or file).name, error.lineno or 0
        return [_broken(origin.file, file, line, f"{type(error).__name__}: {_reason(error)}")]
    finally:
        forget_frozen(space)


def _strategies_of(module: ModuleType) -> Iterator[type[Strategy]]:
    """The classes defined in the module itself that trade; those without a handler are bases for others."""
    for name, value in vars(module).items():
        if (
            isinstance(value, type)
            and issubclass(value, Strategy)
            and value.__module__ == module.__name__
            and value.__name__ == name
            and not name.startswith("_")
            and (value.on_bar is not Strategy.on_bar or value.on_open is not Strategy.on_open)
        ):
            yield value


def _describe(origin: _Origin, strategy_class: type[Strategy]) -> FoundStrategy:
    name = strategy_class.__name__
    try:
        _check_identity(strategy_class)
        infos = list(parameters_of(strategy_class).values())
        make_strategy(strategy_class, {})
    except DeclarationError as error:
        line = _line_of(origin.tree, name, error.attribute)
        return _broken(origin.file, origin.file, line, str(error), name=name)
    except BaseException as error:  # noqa: BLE001  # the user's __init__ or normalize may raise anything
        file, line = user_place(error) or (origin.file, _line_of(origin.tree, name, ""))
        return _broken(origin.file, file, line, f"{type(error).__name__}: {_reason(error)}", name=name)
    description = inspect.cleandoc(strategy_class.__doc__ or "")
    info = StrategyInfo(
        name=name,
        version=strategy_class.version,
        description=description,
        file=origin.file,
        source_hash=origin.digest,
        parameters=infos,
        templates=templates_for(name, infos),
    )
    source = StrategySource(
        name=name,
        version=strategy_class.version,
        source_hash=origin.digest,
        directory=str(origin.directory),
        module=Path(origin.file).stem,
        class_name=name,
    )
    normalizes = strategy_class.normalize is not Strategy.normalize
    return FoundStrategy(info=info, source=source, normalizes=normalizes)


def _check_identity(strategy_class: type[Strategy]) -> None:
    if not STRATEGY_NAME_PATTERN.match(strategy_class.__name__):
        raise DeclarationError("", f"a strategy's name matches {STRATEGY_NAME_PATTERN.pattern}: no underscores, ASCII")
    version: object = strategy_class.version
    if not isinstance(version, str) or not STRATEGY_VERSION_PATTERN.match(version):
        raise DeclarationError("version", f"{version!r} does not match {STRATEGY_VERSION_PATTERN.pattern}")


def _unless_taken(strategy: FoundStrategy, taken: dict[str, str]) -> FoundStrategy:
    if strategy.source is None:
        return strategy
    info = strategy.info
    file = info.file or ""
    if info.name in taken:
        message = f"the name {info.name} is taken by {taken[info.name]}; give this class another name"
        frozen = Path(strategy.source.directory, file).read_bytes()
        return _broken(file, file, _line_of(ast.parse(frozen), info.name, ""), message, name=info.name)
    taken[info.name] = file
    return strategy


def _moved(strategy: FoundStrategy, directory: Path) -> FoundStrategy:
    source = strategy.source
    if source is None:
        return strategy
    moved = StrategySource(
        name=source.name,
        version=source.version,
        source_hash=source.source_hash,
        directory=str(directory),
        module=source.module,
        class_name=source.class_name,
    )
    return structs.replace(strategy, source=moved)


def _broken(file: str, place: str, line: int, message: str, *, name: str | None = None) -> FoundStrategy:
    error = SourceError(file=place, line=line, message=message)
    return FoundStrategy(info=StrategyInfo(name=name or Path(file).stem, file=file, error=error), source=None)


def _reason(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001  # its text is the user's code too
        text = "its text cannot be made"
    return plain_names(text)[:_LONGEST_REASON]


def _line_of(tree: ast.Module, class_name: str, attribute: str) -> int:
    """Where the class (or its attribute) is written, 0 when it is not in this file."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == class_name:
            for inner in node.body:
                targets = (
                    [inner.target]
                    if isinstance(inner, ast.AnnAssign)
                    else inner.targets
                    if isinstance(inner, ast.Assign)
                    else []
                )
                if attribute and any(isinstance(target, ast.Name) and target.id == attribute for target in targets):
                    return inner.lineno
            return node.lineno
    return 0

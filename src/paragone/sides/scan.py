"""What a side's file says about itself before it is run: its frameworks, its syntax, the modules beside it."""

from __future__ import annotations

import ast
import hashlib
import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from paragone.errors import InputError, SideError
from paragone.frameworks.descriptor import Descriptor
from paragone.frameworks.registry import frameworks

MAX_FILE_BYTES = 2 * 2**20

BACKEND = "KERAS_BACKEND"
"""What Keras 3 reads its backend from (https://keras.io/getting_started/#configuring-your-backend, Keras 3.15)."""
_PAIR = 2
_KERAS = "keras"


@dataclass(frozen=True)
class SideFile:
    """One framework's side in one file.

    Args:
        name: the side's name in this run, unique.
        path: the file.
        shown: the file as it is called in messages and in the record (no absolute path).
        selector: the NAME of `file.py:NAME`, or empty.
        framework: id of the framework.
        code: the file's text.
        sha256: over the file and the modules beside it that it imports.
        preload: modules to import before the file runs.
        weight_map: where its weights are (a `WeightMap` as JSON), if we wrote the file.
        beside: the modules beside the file that it may import: path from its folder, and text.
        backend: what computes underneath, where that is not the framework's own.
    """

    name: str
    path: Path
    shown: str
    selector: str
    framework: str
    code: str
    sha256: str
    preload: tuple[str, ...]
    weight_map: str = ""
    beside: tuple[tuple[str, str], ...] = ()
    backend: str = ""

    @property
    def descriptor(self) -> Descriptor:
        """Of its framework, on its backend."""
        return frameworks()[self.framework].on(self.backend)


def scan_sides(arguments: tuple[str, ...], *, least: int = 2) -> list[SideFile]:
    """Read the sides given on the command line; a file that holds several frameworks gives a side for each.

    Args:
        arguments: files, each `file.py` or `file.py:NAME`.
        least: how many sides are needed; two to compare, one to be timed alone.

    Raises:
        InputError: no such file, not Python, no framework in it, or fewer sides than are needed.
    """
    found = [side for argument in arguments for side in _scan(argument)]
    if len(found) < least:
        only = found[0]
        raise InputError(
            "There is only one side, and nothing to compare it with.",
            where=only.shown,
            expected="two sides or more, in one file or in several",
            received=f"one side, in {only.framework}",
            next_step="name a second file",
        )
    return _named(found)


def shown_argument(argument: str) -> str:
    """A side as it was given, without what an absolute path tells."""
    path, selector = _split(argument)
    return _shown(path) + (f":{selector}" if selector else "")


def _scan(argument: str) -> list[SideFile]:
    path, selector = _split(argument)
    shown = _shown(path)
    code = _read(path, shown)
    tree = _parse(code, shown)
    beside = _beside(path.parent, tree)
    files = {path: code, **{other: text for other, (text, _) in beside.items()}}
    modules = {name for one in (tree, *(tree for _, tree in beside.values())) for name in imported(one)}
    present = [item for item in frameworks().values() if modules & set(item.modules)]
    backend = next(_backends(tree, present), "")
    if backend:  # what computes underneath is imported for the sake of Keras
        present = [item for item in present if backend in item.elsewhere]
    if not present:
        raise SideError(
            f"{shown} imports no framework.",
            where=shown,
            expected="an import of " + ", ".join(sorted(name for f in frameworks().values() for name in f.modules)),
            received=", ".join(sorted(modules)) or "no import at all",
            next_step="give a file that builds a model in TensorFlow/Keras, PyTorch or JAX",
        )
    digest = hashlib.sha256("\0".join(text for _, text in sorted(files.items())).encode()).hexdigest()
    preload = ("torch",) if len(present) > 1 and any(item.id == "torch" for item in present) else ()
    modules_beside = tuple((other.relative_to(path.parent).as_posix(), text) for other, (text, _) in beside.items())
    return [
        SideFile(
            _KERAS if backend else item.id,
            path,
            shown,
            selector,
            item.id,
            code,
            digest,
            preload,
            "",
            modules_beside,
            backend,
        )
        for item in present
    ]


def _backends(tree: ast.Module, present: Sequence[Descriptor]) -> Iterator[str]:
    """The backend that a file asks Keras for: `os.environ["KERAS_BACKEND"] = "jax"`, or the same by `setdefault`."""
    known = {name for item in present for name in item.elsewhere}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(_is_variable(target) for target in node.targets):
            asked = node.value
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "setdefault" and len(node.args) == _PAIR:
            name, asked = node.args
            if not (isinstance(name, ast.Constant) and name.value == BACKEND):
                continue
        else:
            continue
        if isinstance(asked, ast.Constant) and asked.value in known:
            yield str(asked.value)


def _is_variable(target: ast.expr) -> bool:
    place = target.slice if isinstance(target, ast.Subscript) else None
    return isinstance(place, ast.Constant) and place.value == BACKEND


def _split(argument: str) -> tuple[Path, str]:
    text, colon, selector = argument.rpartition(":")
    if colon and text and selector.isidentifier():
        return Path(text), selector
    return Path(argument), ""


def _shown(path: Path) -> str:
    if not path.is_absolute() and ".." not in path.parts:
        return path.as_posix()
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError, RuntimeError):  # elsewhere, or a link to itself
        return path.name


def _read(path: Path, shown: str) -> str:
    try:
        size = path.stat().st_size
        if not path.is_file():
            what = "a folder" if path.is_dir() else "no ordinary file"
            raise InputError(f"{shown} is {what}.", where=shown, expected="one Python file")
        if size > MAX_FILE_BYTES:
            raise InputError(
                f"{shown} is too large for a side.",
                where=shown,
                expected=f"at most {MAX_FILE_BYTES} bytes",
                received=f"{size} bytes",
            )
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(
            f"There is no file {shown}.",
            where=shown,
            expected="a Python file that builds a model",
            next_step="check the path; a side is given as file.py or file.py:NAME",
        ) from None
    except UnicodeDecodeError as error:
        raise SideError(
            f"{shown} is not text in UTF-8.",
            where=shown,
            expected="Python source",
            received=f"byte {error.object[error.start]:#04x} at position {error.start}",
        ) from None
    except OSError as error:
        raise InputError(f"{shown} cannot be read.", where=shown, received=error.strerror or str(error)) from None


def _parse(code: str, shown: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns the user when the file is run
            return ast.parse(code)
    except SyntaxError as error:
        raise SideError(
            f"{shown} has a syntax error.",
            where=f"{shown}, line {error.lineno}",
            received=f"{error.msg}: {(error.text or '').strip()}",
            next_step="correct that line; `python FILE` shows the same error",
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise SideError(f"{shown} cannot be read as Python.", where=shown, received=str(error)) from None


def imported(tree: ast.AST) -> Iterator[str]:
    """The first names of the modules that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def _beside(folder: Path, tree: ast.Module) -> dict[Path, tuple[str, ast.Module]]:
    """The modules in the side's own folder that it imports, directly or through each other."""
    found: dict[Path, tuple[str, ast.Module]] = {}
    waiting = [tree]
    while waiting:
        for path, needed in _local_files(folder, waiting.pop()):
            if path not in found:
                found[path] = _module(path, needed=needed)
                waiting.append(found[path][1])
    return found


def _module(path: Path, *, needed: bool) -> tuple[str, ast.Module]:
    """Text and syntax of a module; one that may never be imported need not be Python."""
    try:
        text = _read(path, path.name)
        return text, _parse(text, path.name)
    except InputError:
        if needed:
            raise
        text = path.read_bytes().decode(errors="replace") if os.access(path, os.R_OK) else ""
        return text, ast.Module([], [])


def _local_files(folder: Path, tree: ast.AST) -> Iterator[tuple[Path, bool]]:
    """Files that an import may mean, and whether it surely does: of a package every file is taken."""
    for name in set(imported(tree)):
        single, package = folder / f"{name}.py", folder / name
        if (package / "__init__.py").is_file() or (package.is_dir() and not _is_known(name) and not single.is_file()):
            yield from ((path, False) for path in sorted(package.rglob("*.py")) if path.is_file())
        elif single.is_file():
            yield single, True


def _is_known(name: str) -> bool:
    """Whether a folder of this name that is no package is hidden by a module of Python or of a framework."""
    modules = {module for framework in frameworks().values() for module in framework.modules}
    return name in modules or name in sys.stdlib_module_names


def _named(found: list[SideFile]) -> list[SideFile]:
    """Name each side by its framework; where two share one, by the file as well, and by number at last."""
    from collections import Counter
    from dataclasses import replace

    by_framework = Counter(map(_label, found))
    seen: Counter[str] = Counter()
    named = []
    for side in found:
        label = _label(side)
        if by_framework[label] > 1:
            label = f"{label}:{side.selector or side.path.stem}"
        seen[label] += 1
        named.append(replace(side, name=label if seen[label] == 1 else f"{label}-{seen[label]}"))
    return named


def _label(side: SideFile) -> str:
    return f"{side.name}-on-{side.backend}" if side.backend else side.framework

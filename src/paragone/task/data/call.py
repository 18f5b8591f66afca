"""The process in which the user's data function runs: `python -m paragone.task.data.call MODULE:FUNCTION OUT PARENT`.

It writes the arrays to OUT (safetensors) or, where that is impossible, the reason beside it (OUT with `.json`).
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from paragone.errors import InputError
from paragone.task.data.source import Array, check_size
from paragone.workers.child import die_with

_TUPLE_NAMES = {2: ("x", "y"), 4: ("x", "y", "x_test", "y_test")}
_PAIR = 2


def main() -> None:
    """Call the function, and leave arrays or a reason."""
    text, out, parent_pid = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    die_with(parent_pid)
    try:
        form, arrays = _arrays(_call(text), text)
    except InputError as error:
        out.with_suffix(".json").write_text(json.dumps(error.as_dict()), encoding="utf-8")
        sys.exit(1)
    beside = out.with_name("unfinished")
    save_file(arrays, beside, metadata={"form": form})
    beside.replace(out)


def _call(text: str) -> Any:
    module_name, _, name = text.rpartition(":")
    function = _function(_module(module_name, text), name, text)
    try:
        return function()
    except Exception as error:
        traceback.print_exc()
        raise InputError(
            "The data function raised an error.",
            where=_place(error, text),
            expected="a dict or a tuple of arrays",
            received=f"{type(error).__name__}: {error}",
        ) from error


def _module(name: str, text: str) -> ModuleType:
    try:
        return _from_file(Path(name).expanduser()) if name.endswith(".py") else importlib.import_module(name)
    except (ModuleNotFoundError, FileNotFoundError) as error:
        missing = error.name if isinstance(error, ModuleNotFoundError) else name
        raise InputError(
            "The module of the data function was not found.",
            where=text,
            expected="a module that can be imported from this folder, or a file.py",
            received=f"no '{missing}'",
            next_step="check the name, or run the command in the folder of the module",
        ) from error
    except Exception as error:
        traceback.print_exc()
        raise InputError(
            "The module of the data function cannot be imported.",
            where=_place(error, text),
            received=f"{type(error).__name__}: {error}",
        ) from error


def _from_file(path: Path) -> ModuleType:
    sys.path.insert(0, str(path.resolve().parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _function(module: ModuleType, name: str, text: str) -> Callable[[], Any]:
    function = getattr(module, name, None)
    if not callable(function):
        there = [other for other, value in vars(module).items() if callable(value) and not other.startswith("_")]
        raise InputError(
            f"The module has no function '{name}'.",
            where=text,
            expected="a function without arguments",
            received=f"functions: {', '.join(there) or 'none'}",
        )
    return function  # type: ignore[no-any-return]  # called without arguments; what comes back is checked


def _place(error: Exception, text: str) -> str:
    """The line that raised, in the innermost file of the user."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename != __file__ and "importlib" not in frame.filename]
    return f"{text}, {Path(own[-1].filename).name} line {own[-1].lineno}" if own else text


def _arrays(result: Any, text: str) -> tuple[str, dict[str, Array]]:
    """The form of the result (`dict`, `tuple` or `pairs`), and its arrays by name."""
    form, named = _named(result)
    if named is None:
        raise InputError(
            "The data function returned something that is not data.",
            where=text,
            expected="(x, y), (x, y, x_test, y_test), ((x, y), (x_test, y_test)) or a dict of arrays",
            received=_what(result),
        )
    arrays = {name: _array(name, value, text) for name, value in named.items()}
    check_size(sum(array.nbytes for array in arrays.values()), text)
    return form, arrays


def _named(result: Any) -> tuple[str, dict[str, Any] | None]:
    form = "tuple"
    if isinstance(result, Mapping):
        return "dict", {str(name): value for name, value in result.items()}
    if not isinstance(result, tuple | list):
        return form, None
    if len(result) == _PAIR and all(isinstance(part, tuple) and len(part) == _PAIR for part in result):
        form, result = "pairs", (*result[0], *result[1])
    names = _TUPLE_NAMES.get(len(result))
    return form, dict(zip(names, result, strict=True)) if names else None


def _array(name: str, value: Any, text: str) -> Array:
    try:
        array = np.asarray(value, order="C")
    except Exception as error:
        raise _no_numbers(name, f"{_what(value)} ({type(error).__name__}: {error})", text) from error
    if array.dtype.kind not in "fiub":
        raise _no_numbers(name, f"dtype {array.dtype} from {_what(value)}", text)
    return array


def _no_numbers(name: str, received: str, text: str) -> InputError:
    return InputError(
        f"'{name}' of the data function is no array of numbers.",
        where=text,
        expected="what numpy.asarray turns into numbers",
        received=received,
    )


def _what(value: Any) -> str:
    size = f" of {len(value)}" if isinstance(value, tuple | list | str) else ""
    return f"{type(value).__name__}{size}"


if __name__ == "__main__":
    main()

"""The numbers of an Optax transformation, which live in closures.

Optax has no attribute for them. A transformation's `update` is a closure named after its maker
(`scale_by_adam.<locals>.update_fn`), and its variables are the maker's arguments (optax/_src/transform.py, 0.2.8).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import CellType
from typing import Any

import optax

from paragone.optimizers import kind_of
from paragone.optimizers.base import OptimizerKind

STEP_SIZE = "scale.step_size"
SCHEDULED = "scale_by_schedule"
OWN = " (own)"
"""Behind the name of a maker that is not Optax'."""
_RATES = {"learning_rate", "lr"}
"""What people call the rate in a transformation of their own."""
_PLUMBING = {"chain", "with_extra_args_support", "named_chain", "masked", "partition"}


class WrittenOut(optax.GradientTransformation):
    """A transformation whose numbers stand in the code of a step of the file, and not in closures of its own.

    Attributes:
        title: what it is made of, as the makers of others are called.
        cells: the numbers, as `maker.variable`.
        line: where that step begins in its file.
    """

    title: str
    line: int
    cells: Mapping[str, CellType]


def transformations(update: Any) -> Iterator[tuple[str, str, Any]]:
    """Maker, variable and cell of every number in a transformation, in the order in which they are applied."""
    return _walk(update, set())


def makers(update: Any) -> list[str]:
    """The transformations that a chain is made of, by the names of their makers; a schedule counts as its scaling."""
    named = [SCHEDULED if hasattr(optax.schedules, maker) else maker for maker, _, _ in transformations(update)]
    if any(name.startswith(f"{SCHEDULED}.") for name, _ in enclosed(update, set())):
        named.append(SCHEDULED)
    return list(dict.fromkeys(named))


def kind_of_makers(names: Sequence[str]) -> OptimizerKind | None:
    """The optimizer that these makers make; a scaling behind one of the user's own says nothing of what that one is."""
    kind = kind_of(names, "jax")
    scaled = kind is not None and set(names) & set(kind.classes["jax"]) <= {"scale", SCHEDULED}
    return None if scaled and any(name.endswith(OWN) for name in names) else kind


def cells_of(tx: Any) -> dict[str, Any]:
    """The cell of every number of a transformation and of what it starts from, as `maker.variable`."""
    if isinstance(tx, WrittenOut):
        return dict(tx.cells)
    found = {f"{maker}.{name}": cell for maker, name, cell in _walk(tx.init, set(), starts=True)}
    return found | {f"{maker}.{name}": cell for maker, name, cell in transformations(tx.update)}


def number(tx: Any, cells: dict[str, Any], places: str) -> Any:
    """A number of a transformation by one of several places, `|` between them; None where there is none.

    `made.NAME` asks whether a transformation is there, `after.NAME` whether it comes after the one that scales the
    gradients. The step size is minus the learning rate.
    """
    for place in places.split("|"):
        owner, _, name = place.partition(".")
        if owner in {"made", "after"}:
            return _asked(owner, name, makers(tx.update))
        if place in cells:
            value = cells[place].cell_contents
            return -value if place == STEP_SIZE else value
    return None


def _asked(question: str, name: str, found: list[str]) -> bool | None:
    if question == "made" or name not in found:
        return name in found if question == "made" else None
    scaling = [i for i, maker in enumerate(found) if maker in _SCALING or maker.startswith("scale_by_")]
    scaling = [i for i in scaling if found[i] != SCHEDULED]
    return not scaling or found.index(name) > min(scaling)


def rate_of(tx: Any, cells: dict[str, Any]) -> Callable[[Any], Any] | None:
    """The learning rate of a transformation at a count of updates, from 0; None where it cannot be found."""
    if STEP_SIZE in cells:
        return lambda _count: -cells[STEP_SIZE].cell_contents  # as it is when a step is traced
    found = _schedule(tx.update, set())
    own = None if found else next((cell for name, cell in cells.items() if name.rpartition(".")[2] in _RATES), None)
    return found if own is None else lambda _count: own.cell_contents


def all_known(update: Any) -> bool:
    """Whether a chain is made of transformations that are known."""
    return all(maker in _KNOWN or maker.endswith("schedule") for maker in makers(update))


def enclosed(function: Any, seen: set[int]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The qualified name of every function of a chain, and what it encloses by name."""
    if getattr(function, "__code__", None) is None or id(function) in seen:
        return
    seen.add(id(function))
    contents = dict(zip(function.__code__.co_freevars, map(_content, function.__closure__ or ()), strict=True))
    yield function.__qualname__, contents
    for value in contents.values():
        for inner in _functions(value):
            yield from enclosed(inner, seen)


_SCALING = {"trace", "ema"}
_KNOWN = {
    *("scale", "scale_by_learning_rate", SCHEDULED, "trace", "add_decayed_weights", "clip"),
    *("clip_by_global_norm", "scale_by_adam", "scale_by_amsgrad", "scale_by_adamax", "scale_by_rms"),
    *("scale_by_stddev", "scale_by_rss", "scale_by_adadelta", "scale_by_lion", "join_schedules", "ema"),
}


def _schedule(function: Any, seen: set[int]) -> Callable[[Any], Any] | None:
    """The function of the count that a chain multiplies by; minus it, for the sign is the chain's."""
    if getattr(function, "__code__", None) is None or id(function) in seen:
        return None
    seen.add(id(function))
    contents = dict(zip(function.__code__.co_freevars, map(_content, function.__closure__ or ()), strict=True))
    if _maker(function) == SCHEDULED and callable(contents.get("step_size_fn")):
        given: Callable[[Any], Any] = contents["step_size_fn"]
        return lambda count: -given(count)
    for value in contents.values():
        for inner in _functions(value):
            found = _schedule(inner, seen)
            if found is not None:
                return found
    return None


def _walk(function: Any, seen: set[int], *, starts: bool = False) -> Iterator[tuple[str, str, Any]]:
    code = getattr(function, "__code__", None)
    if code is None or id(function) in seen:
        return
    seen.add(id(function))
    maker = _maker(function)
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        value = _content(cell)
        if isinstance(value, (bool, int, float)) and maker not in _PLUMBING:
            yield maker, name, cell
        for inner in _functions(value):
            if starts == ("init" in inner.__qualname__.rsplit(".", 1)[-1]):
                yield from _walk(inner, seen, starts=starts)


def _maker(function: Any) -> str:
    """Who made a function, by its name; one of the user's own is never taken for Optax' of the same name."""
    maker: str = function.__qualname__.split(".")[0]
    package = str(function.__globals__.get("__name__", "")).split(".")[0]
    return maker if package == optax.__name__ or maker.endswith("schedule") else f"{maker}{OWN}"


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _functions(value: Any) -> list[Any]:
    items = value if isinstance(value, (tuple, list)) else [value]
    functions = [getattr(item, "update", item) if not hasattr(item, "__code__") else item for item in items]
    return [item for item in functions if hasattr(item, "__code__")]

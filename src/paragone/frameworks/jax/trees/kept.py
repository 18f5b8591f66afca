"""What a step of a file keeps beside the parameters: a velocity, running means, a count of its steps.

A step that writes its update out is handed such values and gives new ones back, in any order: by the names that its
last line returns, and else by their structure, in the order in which it takes them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

from paragone.frameworks.jax.trees.reading import code_of

_COUNTS = ("i", "t", "step", "count", "iteration", "itr", "n_steps", "step_count")
"""What a step calls the number of its steps, where the loop around it hands that over."""

_NEW = ("new_", "next_", "updated_")
"""What people put before the name of a value to say that it is the one after the step."""


@dataclass(frozen=True)
class Kept:
    """What a step keeps.

    Args:
        start: by the names of the step's arguments, as the file has it; 0 for a count.
        counted: of these, counts that the step does not give back.
        returned: the names in what the step returns, in their order; None for what has none.
        params: the structure of the parameters.
        role: by which name the step is handed the parameters.
    """

    start: Mapping[str, Any]
    counted: tuple[str, ...]
    returned: tuple[str | None, ...]
    params: Any
    role: str

    def nodes(self, kept: Mapping[str, Any]) -> list[Any]:
        """Trees that are like that of the parameters, and what stands between them."""
        return list(jax.tree.leaves(dict(kept), is_leaf=self.is_like_parameters))

    def of_nodes(self, nodes: Sequence[Any]) -> dict[str, Any]:
        """The same by the names of arguments."""
        structure = jax.tree.structure(dict(self.start), is_leaf=self.is_like_parameters)
        found: dict[str, Any] = jax.tree.unflatten(structure, nodes)
        return found

    def is_like_parameters(self, node: Any) -> bool:
        """Whether it has a value for each parameter."""
        return bool(jax.tree.structure(node) == self.params)

    def after(self, kept: Mapping[str, Any], given: Any) -> tuple[Any, dict[str, Any], tuple[Any, ...]]:
        """New parameters, what is kept now, and what the step says of its loss.

        Args:
            kept: before the step.
            given: what it gave back.

        Raises:
            ValueError: there are no parameters in it.
        """
        parts = list(given) if isinstance(given, (tuple, list)) and not self.is_like_parameters(given) else [given]
        found = dict(self._named(parts))
        for place, name in self._by_structure(parts, found):
            found[place] = name
        new = {name: parts[place] for place, name in found.items()}
        if self.role not in new:
            raise ValueError("the step gives no parameters back")
        counts = {name: kept[name] + 1 for name in self.counted}
        others = {name: value for name, value in new.items() if name != self.role}
        rest = tuple(part for place, part in enumerate(parts) if place not in found)
        return new[self.role], {**kept, **counts, **others}, rest

    def _named(self, parts: Sequence[Any]) -> Iterator[tuple[int, str]]:
        names = self.returned if len(self.returned) == len(parts) else (None,) * len(parts)
        for place, (name, part) in enumerate(zip(names, parts, strict=True)):
            if name is not None and self._fits(part, name):
                yield place, name

    def _by_structure(self, parts: Sequence[Any], found: Mapping[int, str]) -> Iterator[tuple[int, str]]:
        """The rest in the order in which the step takes it; a number that is no count may be the loss."""
        free = [name for name in (self.role, *self.start) if name not in found.values() and name not in self.counted]
        for place, part in enumerate(parts):
            fits = [name for name in free if self._fits(part, name)] if place not in found else []
            if fits and (not jax.tree_util.all_leaves([part]) or jnp.issubdtype(jnp.result_type(part), jnp.integer)):
                free.remove(fits[0])
                yield place, fits[0]

    def _fits(self, part: Any, name: str) -> bool:
        if name != self.role and name not in self.start:
            return False
        wanted = self.params if name == self.role else jax.tree.structure(self.start[name])
        return bool(jax.tree.structure(part) == wanted)


def kept_by(
    function: Callable[..., Any],
    others: Sequence[str],
    names: Mapping[str, Any],
    params: Any,
    role: str,
    data: Sequence[str],
) -> Kept | None:
    """What a step keeps; None where it keeps nothing, or it is not known how that begins.

    Args:
        function: the step.
        others: its arguments that are neither parameters nor anything else that is known; the data is among them.
        names: of the file, at its top level.
        params: the structure of the parameters.
        role: the argument that takes these.
        data: what the file's loss is handed beside them, which a step does not keep.
    """
    returned = _returned(function)
    free = [name for name in others if name not in data]
    start = {name: names[name] for name in free if name in names and _is_kept(names[name], name in returned)}
    counted = tuple(name for name in free if name in _COUNTS and name not in start and name not in returned)
    start |= dict.fromkeys(counted, 0)
    if not start or len(others) - len(start) not in (1, 2):
        return None
    return Kept({name: start[name] for name in others if name in start}, counted, returned, params, role)


def _is_kept(value: Any, returned: bool) -> bool:
    """Whether a value of the file begins what a step keeps: arrays, or a number that the step gives back."""
    if callable(value) or isinstance(value, (str, bytes)):
        return False
    leaves = jax.tree.leaves(value)
    numbers = all(isinstance(leaf, (bool, int, float, jax.Array)) for leaf in leaves)
    return bool(leaves) and numbers and (returned or not jax.tree_util.all_leaves([value]))


def _returned(function: Callable[..., Any]) -> tuple[str | None, ...]:
    """The names in what a function returns."""
    code = code_of(function)
    last = code.body[-1] if code else None
    if not isinstance(last, ast.Return) or last.value is None:
        return ()
    parts = last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]
    return tuple(_before(part.id) if isinstance(part, ast.Name) else None for part in parts)


def _before(name: str) -> str:
    """What a new value was called before the step."""
    return next((name.removeprefix(word) for word in _NEW if name.startswith(word)), name)

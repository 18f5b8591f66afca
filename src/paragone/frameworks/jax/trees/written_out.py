"""The update that a step of a file writes out, as an Optax transformation.

A step that moves the parameters itself, with a velocity or running means that it keeps, is a function of gradients all
the same: with a loss in the place of the file's whose gradient is what the transformation is given, it does to these
what it would do to its own. So its numbers are known by what it does, as those of any transformation.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import CellType
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from paragone.frameworks.jax.closures import OWN, WrittenOut
from paragone.frameworks.jax.moves import moves
from paragone.frameworks.jax.trees.kept import Kept
from paragone.frameworks.jax.trees.model import TreeModel
from paragone.frameworks.jax.trees.states import order_of
from paragone.meaning.optimizer import recognise

Run = Callable[[Any, Mapping[str, Any]], Any]
"""The step of parameters and what it keeps, without data."""
_RATES = ("learning_rate", "lr", "step_size", "eta")
"""What a step calls the rate by which it moves."""


@dataclass(frozen=True)
class _Update:
    """What a step does to gradients.

    Args:
        run: the step.
        kept: what it keeps.
        loss: of the file, which is replaced while the step runs.
        names: of the file, where the step finds the loss.
        order: for each parameter as NNX lists them its place in the file's tree.
        beside: the loss gives something beside its number.
    """

    run: Run
    kept: Kept
    loss: Callable[..., Any]
    names: MutableMapping[str, Any]
    order: Sequence[int]
    beside: bool = False
    start: Mapping[str, Any] = field(default_factory=dict)

    def init(self, params: Any) -> tuple[Any, ...]:
        """What is kept before the first step, for parameters in any tree."""
        first = jax.tree.leaves(params)[0]

        def begun(node: Any) -> Any:
            if self.kept.is_like_parameters(node):
                value = float(np.ravel(jax.tree.leaves(node)[0])[0])
                return jax.tree.map(lambda leaf: jnp.full_like(leaf, value), params)
            return jnp.asarray(node, first.dtype if jnp.issubdtype(jnp.result_type(node), jnp.floating) else None)

        return tuple(map(begun, self.kept.nodes({**self.kept.start, **self.start})))

    def update(self, gradients: Any, state: Sequence[Any], params: Any = None, **_: Any) -> tuple[Any, tuple[Any, ...]]:
        """The moves of the parameters, and what is kept then."""
        mine, given = self._of_file(params), self._of_file(gradients)
        like = [self.kept.is_like_parameters(node) for node in self.kept.nodes(self.kept.start)]
        nodes = [self._of_file(node) if whole else node for node, whole in zip(state, like, strict=True)]
        before = self.kept.of_nodes(nodes)
        with _instead(self.names, self.loss, _with_gradient(given, beside=self.beside)):
            said = self.run(mine, before)
        new, after = self.kept.after(before, said)[:2]
        moved = self._as(jax.tree.map(jnp.subtract, new, mine), params)
        ended = zip(self.kept.nodes(after), like, strict=True)
        return moved, tuple(self._as(node, params) if whole else node for node, whole in ended)

    def _of_file(self, tree: Any) -> Any:
        """In the file's structure: a tree of NNX, which has another order, or one array, which stands for each."""
        leaves = jax.tree.leaves(tree)
        if jax.tree.structure(tree) != self.kept.params:
            count = self.kept.params.num_leaves
            placed = dict(zip(self.order, leaves, strict=True)) if len(leaves) == count else {}
            leaves = [placed[place] if placed else leaves[0] for place in range(count)]
        return jax.tree.unflatten(self.kept.params, leaves)

    def _as(self, tree: Any, like: Any) -> Any:
        """From the file's structure to another."""
        leaves, structure = jax.tree.leaves(tree), jax.tree.structure(like)
        if structure == self.kept.params:
            return tree
        chosen = [leaves[place] for place in self.order] if structure.num_leaves == len(leaves) else leaves[:1]
        return jax.tree.unflatten(structure, chosen)


def written_out(
    function: Callable[..., Any], run: Run, kept: Kept, loss: Callable[..., Any], names: Any, model: TreeModel
) -> WrittenOut | None:
    """The update of a step as a transformation; None where it cannot be run without data, or begins with other values.

    Args:
        function: the step.
        run: that step, of parameters and what it keeps.
        kept: what it keeps.
        loss: of the file.
        names: of the file.
        model: that holds the parameters.
    """
    order = order_of(model)
    whole = [node for node in kept.nodes(kept.start) if kept.is_like_parameters(node)]
    if len(order) != kept.params.num_leaves or not all(map(_is_constant, whole)):
        return None
    ones: Mapping[str, Any] = dict.fromkeys(kept.counted, 1)
    for start in ({}, ones):  # a count of 0 may be one that a correction divides by
        for beside in (False, True):
            made = _Update(run, kept, loss, names, order, beside, start)
            tx = WrittenOut(made.init, made.update)
            if _runs(tx):
                tx.title = f"{function.__name__}{OWN}"
                tx.line = inspect.unwrap(function).__code__.co_firstlineno
                numbers = dict(_numbers(function))
                tx.cells = {f"{tx.title}.{name}": CellType(value) for name, value in _with_rate(tx, numbers).items()}
                return tx
    return None


def _is_constant(tree: Any) -> bool:
    values = np.concatenate([np.ravel(leaf) for leaf in jax.tree.leaves(tree)])
    return bool((values == values[0]).all())


def _runs(tx: optax.GradientTransformation) -> bool:
    found = moves(tx, {}, lambda _count: 0.0)
    return found is not None and bool(np.isfinite(found[0]).all()) and not _swaps(tx)


def _swaps(tx: optax.GradientTransformation) -> bool:
    """Whether a gradient of zero moves the weights to zero: what the step keeps was taken for them."""
    weights = {"kernel": jnp.ones(3)}
    moved, _ = tx.update({"kernel": jnp.zeros(3)}, tx.init(weights), weights)
    return bool((moved["kernel"] == -1).all())


def _with_rate(tx: optax.GradientTransformation, numbers: dict[str, float]) -> dict[str, float]:
    """The numbers, of which one is called the learning rate: by its name, else because a known rule then fits."""
    called = [name for name in _RATES if name in numbers]
    found = None if called else moves(tx, {}, lambda _count: 0.0)
    for name in called or numbers:
        value = numbers[name]
        others = {other: number for other, number in numbers.items() if other != name}
        if called or (found is not None and recognise(found[0], [value] * len(found[0]), others) is not None):
            return {**others, "learning_rate": value}
    return numbers


def _numbers(function: Callable[..., Any]) -> Iterator[tuple[str, float]]:
    """Of a step: what it has as defaults, what it looks up in its file, and what stands in its code."""
    plain = inspect.unwrap(function)
    for name, parameter in inspect.signature(plain).parameters.items():
        if _is_number(parameter.default):
            yield name.lower(), parameter.default
    codes = [plain.__code__]
    for code in codes:
        codes += [inner for inner in code.co_consts if inspect.iscode(inner)]
        looked_up = ((name, plain.__globals__.get(name)) for name in code.co_names)
        yield from ((name.lower(), value) for name, value in looked_up if _is_number(value))
        literals = (value for value in code.co_consts if isinstance(value, float))
        yield from ((f"literal_{value:g}".replace(".", "_"), value) for value in literals)  # a place ends at its point


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _with_gradient(gradients: Any, *, beside: bool) -> Callable[..., Any]:
    """A loss of the parameters that has this gradient."""

    def loss(params: Any, *_: Any, **__: Any) -> Any:
        number = sum(jnp.vdot(g, p) for g, p in zip(*map(jax.tree.leaves, (gradients, params)), strict=True))
        return (number, None) if beside else number

    return loss


@contextmanager
def _instead(names: MutableMapping[str, Any], loss: Callable[..., Any], other: Callable[..., Any]) -> Iterator[None]:
    """While it lasts, the file's loss is another one, also inside of its gradients (`grad_fn = jax.grad(loss_fn)`)."""
    plain, cells = inspect.unwrap(loss), []
    before = dict(names)
    for name, value in before.items():
        if not callable(value) or inspect.unwrap(value) is not plain:
            continue
        cell = _cell_of(value, plain)
        names[name] = other if cell is None else cell[0]
        if cell is not None:
            cells.append((cell[1], cell[1].cell_contents))
            cell[1].cell_contents = other
    try:
        yield
    finally:
        names.update(before)
        for kept, contents in cells:
            kept.cell_contents = contents


def _cell_of(function: Any, loss: Callable[..., Any]) -> tuple[Callable[..., Any], CellType] | None:
    """A transformed loss, not compiled, and where it keeps the loss; None for the loss itself."""
    while function is not None and inspect.unwrap(function) is loss and function is not loss:
        if not isinstance(function, jax.stages.Wrapped) and (cell := _inner_cell(function, loss)) is not None:
            return function, cell
        function = getattr(function, "__wrapped__", None)
    return None


def _inner_cell(function: Any, loss: Callable[..., Any]) -> CellType | None:
    cells: tuple[CellType, ...] = getattr(function, "__closure__", None) or ()
    for cell in cells:
        content = cell.cell_contents
        if content is loss or (isinstance(content, jax.stages.Wrapped) and inspect.unwrap(content) is loss):
            return cell
        if inspect.isfunction(content) and (found := _inner_cell(content, loss)) is not None:
            return found
    return None

"""A tree of arrays and a function that is handed it, as one NNX module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

from paragone.frameworks.jax.trees.arguments import Arguments
from paragone.frameworks.jax.trees.order import Order, first_uses


class Carried(NamedTuple):
    """What a pass in training hands to the next one beside the parameters.

    Args:
        stats: collections of variables that are no parameters, by their names.
        count: how many passes there were; None where nobody asks.
    """

    stats: Mapping[str, Any] = {}
    count: Any = None

    def key(self) -> Any:
        """The key of this pass."""
        return jax.random.fold_in(jax.random.key(0), 0 if self.count is None else self.count)

    def after(self, stats: Mapping[str, Any] | None = None) -> Carried:
        """What the next pass is handed, with other collections or the same."""
        count = None if self.count is None else self.count + 1
        return Carried(self.stats if stats is None else stats, count)


class Bound:
    """What a loss needs of a model: its tree, and its outputs. Light, so that it can be made in a traced function.

    Args:
        tree: of arrays.
        carried: from the pass before.
        model: that gives the outputs.
    """

    def __init__(self, tree: Any, carried: Carried, model: TreeModel):
        self._tree, self._carried, self._model = tree, carried, model

    def tree(self) -> Any:
        """The parameters as the file's functions take them."""
        return self._tree

    def carried(self) -> Carried:
        """What this pass is handed, and after it the next one."""
        return self._carried

    def keep(self, carried: Carried) -> None:
        """Hand this to the next pass."""
        self._carried = carried

    def __call__(self, *x: Any) -> Any:
        """Outputs in training."""
        output, self._carried = self._model.outputs(self._tree, self._carried, x, training=True)
        return output


class TreeModel(nnx.Module):
    """Holds the floating arrays of a tree as parameters, under the tree's own name and paths.

    Args:
        name: of the tree in the file.
        tree: as the file made it.
        function: of the file, that is handed the tree, the inputs, and what says whether it is training.
        arguments: of it, after the tree.
        title: what the file calls it.
    """

    def __init__(self, name: str, tree: Any, function: Callable[..., Any], arguments: Arguments, title: str):
        self.function = function
        self.arguments = arguments
        self.title = title
        self.order: Order = ()
        self.deterministic = False  # `eval()` sets it, as in modules of Flax' own
        self.count: nnx.Variable[Any] | None = None
        self.kept_as = "params" if hasattr(self, name) else name
        setattr(self, self.kept_as, self.hold(tree))

    def hold(self, tree: Any) -> Any:
        """What holds the arrays of the tree."""
        return nnx.data(jax.tree.map(held, tree))

    def count_passes(self) -> None:
        """From now on passes in training are counted, for those that draw at random."""
        if self.count is None:
            self.count = nnx.data(nnx.Variable(jnp.zeros((), jnp.uint32)))

    def restart(self) -> None:
        """Count from the first pass."""
        if self.count is not None:
            self.count.set_value(jnp.zeros((), jnp.uint32))

    def held(self) -> Any:
        """The tree with variables in the place of arrays."""
        return getattr(self, self.kept_as)

    def tree(self) -> Any:
        """The parameters as the file's functions take them, read in the order in which these first use them."""
        leaves, structure = jax.tree.flatten(self.held(), is_leaf=is_variable)
        values = {place: taken(leaves[place]) for place in self.order or range(len(leaves))}
        return jax.tree.unflatten(structure, [values[place] for place in range(len(leaves))])

    def look(self, x: Any, _lines: dict[int, int], _line: Callable[[], int | None]) -> None:
        """See in which order an evaluation uses the parameters."""
        given = self.arguments(training=False)
        self.order = first_uses(lambda tree, x: self.function(tree, *x, **given), self.tree(), x)

    def take(self, tree: Any) -> None:
        """Keep the values of a tree of the same structure."""
        variables = jax.tree.leaves(self.held(), is_leaf=is_variable)
        for variable, value in zip(variables, jax.tree.leaves(tree), strict=True):
            if is_variable(variable):
                variable.set_value(value)

    def carried(self) -> Carried:
        """What the next pass in training is handed."""
        return Carried(count=None if self.count is None else self.count[...])

    def keep(self, carried: Carried) -> None:
        """Keep what came of a pass in training."""
        if self.count is not None:
            self.count.set_value(carried.count)

    def bound(self, tree: Any, carried: Carried) -> Bound:
        """The same model with other values, in training."""
        return Bound(tree, carried, self)

    def outputs(self, tree: Any, carried: Carried, x: Any, *, training: bool) -> tuple[Any, Carried]:
        """Outputs, and what the next pass is handed."""
        return self.computed(tree, *x, **self.arguments(training=training)), carried

    def routed(self, tree: Any, *x: Any, **given: Any) -> Any:
        """In the place of the file's function: a call of it is a call of this module, as everybody sees it.

        After `eval()` it is one in evaluation, whatever the file says.
        """
        if self.deterministic:
            x, given = self.arguments.in_evaluation(x, given)
        return self(*x, tree=tree, **given)

    def __call__(self, *x: Any, tree: Any = None, **given: Any) -> Any:
        """Outputs; in evaluation after `eval()`. A caller in the file says itself what it wants."""
        if tree is not None:
            return self.computed(tree, *x, **given)
        if self.deterministic:
            return self.computed(self.whole(), *x, **self.arguments(training=False))
        output, carried = self.outputs(self.tree(), self.carried(), x, training=True)
        self.keep(carried)
        return output

    def computed(self, tree: Any, *x: Any, **given: Any) -> Any:
        """What the file's function makes of a tree."""
        return self.function(tree, *x, **given)

    def whole(self) -> Any:
        """All that a pass in evaluation is handed."""
        return self.tree()


def is_tree(value: Any) -> bool:
    """Whether it is a container that JAX knows, with at least one floating array of several dimensions."""
    if callable(value) or jax.tree_util.all_leaves([value]):
        return False
    try:
        leaves = jax.tree.leaves(value)
    except (TypeError, ValueError):
        return False
    return any(_is_floating(leaf) and leaf.ndim > 1 for leaf in leaves)


def _is_floating(leaf: Any) -> bool:
    return isinstance(leaf, (jax.Array, np.ndarray)) and bool(jnp.issubdtype(leaf.dtype, jnp.floating))


def held(leaf: Any) -> Any:
    """A floating array as a parameter; anything else as it is."""
    return nnx.Param(jnp.asarray(leaf)) if _is_floating(leaf) else leaf


def is_variable(value: Any) -> bool:
    """Whether it is a leaf of what NNX keeps."""
    return isinstance(value, nnx.Variable)


def taken(leaf: Any) -> Any:
    """The value of a variable; anything else as it is."""
    return leaf[...] if is_variable(leaf) else leaf

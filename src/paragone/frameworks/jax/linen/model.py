"""A model of Flax Linen as an NNX module: its variables in scopes, its calls followed from module to module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jax
from flax import nnx

from paragone.frameworks.jax import places
from paragone.frameworks.jax.linen.following import Lines, Path, Seen, following, noting, seeing
from paragone.frameworks.jax.linen.scopes import Scope, become, changed, made_at
from paragone.frameworks.jax.trees.arguments import Arguments
from paragone.frameworks.jax.trees.model import Carried, TreeModel, held, taken
from paragone.frameworks.jax.trees.order import first_uses

Stats = Mapping[str, Any]
"""Collections of variables that are no parameters, such as `batch_stats`, by their names."""


class LinenModel(TreeModel):
    """Holds all variables of a Linen model in scopes.

    Args:
        name: of the tree of parameters in the file.
        tree: of parameters, as the file has it: bare, or as `{"params": …}`.
        function: of the tree, the collections beside it, the inputs, and what says whether it is training.
        arguments: of it, after those of variables.
        title: what the file calls it.
        stats: the collections beside the parameters, as they start.
        applies: the function takes `rngs` and `mutable` as `apply` does.
    """

    def __init__(
        self,
        name: str,
        tree: Any,
        function: Callable[..., Any],
        arguments: Arguments,
        title: str,
        stats: Stats,
        *,
        applies: bool = True,
    ):
        self.applies = applies
        self.structure = jax.tree.structure(tree)
        self.beside = jax.tree.structure(dict(stats))
        self.paths = paths_of(tree["params"] if is_whole(tree) else tree)
        super().__init__(name, tree, function, arguments, title)
        self.paths_beside = tuple(self._hold_beside(path, leaf) for path, leaf in _leaves(dict(stats)))
        self.count_passes()

    def hold(self, tree: Any) -> Scope:
        """In scopes, each weight in that of its module."""
        root = Scope()
        for path, leaf in zip(self.paths, jax.tree.leaves(tree), strict=True):
            setattr(made_at(root, path[:-1]), path[-1], held(leaf))
        return root

    def _hold_beside(self, path: Path, leaf: Any) -> Path:
        """In the scope of its module; where a parameter has its name, with that of the collection before it."""
        collection, *between, name = path
        scope = made_at(self.root, between)
        name = f"{collection}_{name}" if name in vars(scope) else name
        setattr(scope, name, nnx.BatchStat(leaf))
        return (*between, name)

    @property
    def root(self) -> Scope:
        """The scope of the model itself."""
        found: Scope = getattr(self, self.kept_as)
        return found

    def held(self) -> Any:
        """The tree of parameters with variables in the place of arrays."""
        return jax.tree.unflatten(self.structure, [places.at(self.root, path) for path in self.paths])

    def carried(self) -> Carried:
        """The collections beside the parameters, and the number of the pass."""
        values = [taken(places.at(self.root, path)) for path in self.paths_beside]
        return super().carried()._replace(stats=jax.tree.unflatten(self.beside, values))

    def keep(self, carried: Carried) -> None:
        """Keep what came of a pass in training."""
        super().keep(carried)
        for path, value in zip(self.paths_beside, jax.tree.leaves(carried.stats), strict=True):
            places.at(self.root, path).set_value(value)

    # ------------------------------------------------------------------ computing

    def outputs(self, tree: Any, carried: Carried, x: Any, *, training: bool) -> tuple[Any, Carried]:
        """Outputs, and what the next pass is handed."""
        given = self.arguments(training=training)
        if not training or not self.applies:
            return self.routed((tree, carried.stats), *x, **given), carried
        given["rngs"] = {"dropout": carried.key()}
        if not carried.stats:
            return self.routed((tree, {}), *x, **given), carried.after()
        output, stats = self.routed((tree, carried.stats), *x, mutable=list(carried.stats), **given)
        return output, carried.after({**carried.stats, **stats})

    def routed(self, tree: Any, *x: Any, **given: Any) -> Any:
        """In the place of the file's function: a call of a model with these values, as everybody sees it.

        After `eval()` it is one in evaluation, whatever the file says.
        """
        if self.deterministic:
            x, given = self.arguments.in_evaluation(x, given)
        return self.having(*tree)(*x, tree=tree, **given)

    def having(self, tree: Any, stats: Stats) -> LinenModel:
        """A model with other values, where somebody may look at its layers; else it itself."""
        if not self.root.paragone_seen:
            return self
        copy: LinenModel = nnx.clone(self)
        copy.take(tree)
        if stats and len(jax.tree.leaves(stats)) == len(self.paths_beside):
            copy.keep(copy.carried()._replace(stats=stats))
        return copy

    def computed(self, tree: Any, *x: Any, **given: Any) -> Any:
        """What the file's function makes of the parameters and the collections beside them."""
        if not self.root.paragone_seen:
            return self.function(*tree, *x, **given)
        with following(self.root):
            return self.function(*tree, *x, **given)

    def numbers(self) -> tuple[tuple[str, Any], ...]:
        """The numbers of modules that are not what the file says; a function that the file jitted does not see them."""
        scopes = (scope for _, scope in nnx.iter_modules(self.root) if isinstance(scope, Scope))
        return tuple(number for scope in scopes for number in changed(scope))

    def whole(self) -> Any:
        """All that a pass in evaluation is handed."""
        return self.tree(), self.carried().stats

    def look(self, x: Any, lines: Lines, line: Callable[[], int | None]) -> None:
        """See which modules an evaluation calls, and in which order it uses the parameters; then they are followed.

        Args:
            x: inputs.
            lines: of the file, that made modules; takes those of scopes.
            line: of the file, that runs now.
        """
        found: dict[Path, Seen] = {}

        def run(tree: Any, stats: Any, x: Any) -> Any:
            with noting(lines, line), seeing(found, lines, line):
                return self.function(tree, stats, *x, **self.arguments(training=False))

        self.order = first_uses(run, *self.whole(), x)
        for path, seen in found.items():
            scope = made_at(self.root, path)
            become(scope, seen.module)
            lines[id(scope)] = seen.line


def is_whole(tree: Any) -> bool:
    """Whether it is a tree of all variables, and not one of parameters."""
    return isinstance(tree, Mapping) and set(tree) == {"params"}


def paths_of(tree: Any) -> tuple[Path, ...]:
    """The path of every leaf."""
    return tuple(path for path, _ in _leaves(tree))


def _leaves(tree: Any) -> list[tuple[Path, Any]]:
    leaves, _ = jax.tree_util.tree_flatten_with_path(tree)
    return [(tuple(str(key.key) for key in path), leaf) for path, leaf in leaves]

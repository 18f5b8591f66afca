"""What the adapters of all frameworks share: the search for a view of the data, names of layers, traits."""

from __future__ import annotations

import gc
import inspect
import os
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from itertools import cycle, islice
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from paragone.calls.sites import Sites
from paragone.errors import SideError
from paragone.frameworks import refusals
from paragone.frameworks.base import Array, Batch, Weights
from paragone.frameworks.changing import Taken, change
from paragone.frameworks.found import Found, SeenLayer
from paragone.frameworks.islands import Islands
from paragone.frameworks.known_loss import Compute, KnownLoss, Penalty
from paragone.frameworks.known_optimizer import KnownOptimizer, Ruled
from paragone.frameworks.known_parts import KnownParts
from paragone.frameworks.left_out import left_out_traits
from paragone.frameworks.lines import Lines
from paragone.frameworks.misfits import misfit
from paragone.frameworks.own_moves import OwnMoves
from paragone.frameworks.precision import precision_of
from paragone.frameworks.spots import known_view
from paragone.frameworks.stopped import reached_traits
from paragone.frameworks.traits import kind_of_outputs, roundings, side_traits
from paragone.frameworks.weights import WeightKeeper
from paragone.meaning.forms.base import Numbers
from paragone.meaning.optimizer import Numbers as Kept
from paragone.measure.precision import FLOAT32
from paragone.optimizers.base import OptimizerKind
from paragone.sides.execute import Binding, Executed, execute
from paragone.workers.dataset import DataSet, View, targets, views

_LARGE = 32 * 2**20
"""Bytes of weights of a model that is worth the time to look for what is left of it."""
LOSS_NAMES = ("criterion", "loss_fn", "loss_function", "loss", "objective", "compute_loss")


class SideAdapter(Lines, WeightKeeper, OwnMoves, Islands):
    """A side inside its worker. The order of use is `build`, `intervene`, `load`, then the computations."""

    framework: ClassVar[str]
    numbers: ClassVar[Numbers]
    conventions: ClassVar[Mapping[Any, Callable[[Any], None]]] = {}
    """What makes a layer have a value of a convention that is no attribute of it."""

    def __init__(self, spec: Mapping[str, Any], data: DataSet):
        super().__init__(str(spec.get("weight_map") or ""), str(spec["dtype"]))
        self.path = Path(spec["file"])
        self.home = Path.cwd()
        self.selector = str(spec["selector"])
        self.batch_size = int(spec["batch_size"])
        self.scheduler_step = str(spec["scheduler_step"])
        self.threads = int(spec["threads"])
        self.precision = precision_of(self.loops(), str(spec.get("precision") or FLOAT32))
        self.data = data
        self.view = known_view(self.map) if self.map and self.map.written else None
        self.fitting: View | None = None
        self.observing = True
        self.kept_batches: dict[str, Any] = {}
        self.lines = {}
        self.sites = Sites(self.framework, None)
        self._bytes = 0
        self._head_outputs: list[Array] | None = None
        self._taken: Taken | None = None
        self.output_became = ""  # what the outputs are since a softmax was taken out or put in
        self.of_loss: Weights = {}  # gradients before the side's own step changed them, of the last that were asked for
        self.known_loss = KnownLoss(self)
        self.known_parts = KnownParts(self)
        self.known_optimizer = KnownOptimizer(self)

    # ------------------------------------------------------------------ what a framework supplies

    @abstractmethod
    def guarded(self, seed: int) -> AbstractContextManager[None]:
        """While the file runs: our seed stands, constructors note their lines, training is refused."""

    @abstractmethod
    def find(self, executed: Executed) -> Found:
        """Model, loss and optimizer by type."""

    @abstractmethod
    def interesting(self, value: Any) -> bool:
        """Whether a top-level name is worth remembering."""

    @abstractmethod
    def settle(self, batch: Batch) -> None:
        """Give the model its dtype and shapes, run it once and observe `layers` in order of execution."""

    @abstractmethod
    def batch(self, x: Sequence[Array], y: Sequence[Array]) -> Batch:
        """Move one batch to the framework."""

    @abstractmethod
    def loss(self, batch: Batch) -> float:
        """Training loss of the batch without an update."""

    def run_once(self, batch: Batch) -> None:
        """Call the model in evaluation mode, without a graph or a compiled function where the framework has them."""
        self.outputs(batch)

    @abstractmethod
    def outputs(self, batch: Batch) -> list[Array]:
        """Outputs in evaluation mode, as the side gives them."""

    def forward(self, batch: Batch) -> list[Array]:
        """Outputs in evaluation mode, channels last where we know the side's layout."""
        given = self.outputs(batch)
        if self.map is None:
            return given
        given = [given[index] for index in self.map.order or range(len(given))]
        places = self.map.outputs or ("last",) * len(given)
        return [np.moveaxis(a, 1, -1) if at == "first" else a for a, at in zip(given, places, strict=True)]

    @abstractmethod
    def judged(self, batch: Batch) -> tuple[list[Array], float]:
        """Outputs, as the side gives them, and the loss of them, both in evaluation mode."""

    @abstractmethod
    def replace_loss(self, compute: Compute, penalty: Penalty) -> None:
        """Put another loss in the place of the side's own."""

    def output_kind(self) -> str:
        """What the outputs are, such as logits or probabilities."""
        return kind_of_outputs(self)

    @abstractmethod
    def optimizer_classes(self) -> list[str]:
        """Names that the optimizer goes by, most derived first."""

    @abstractmethod
    def optimizer_kind(self) -> OptimizerKind | None:
        """The optimizer, if it is one of ours."""

    def optimizer_groups(self) -> list[list[str]]:
        """The canonical weights of each group of parameters that may have numbers of its own; there is mostly one."""
        return [[]]

    @abstractmethod
    def get_optimizer(self, place: str, group: int = 0) -> Any:
        """A number of the optimizer, by its place, for a group of parameters; None where there is none."""

    @abstractmethod
    def learning_rate(self, count: int) -> float | None:
        """Of the next update, before which there were `count`; None where it cannot be told."""

    @abstractmethod
    def replace_optimizer(self, ruled: Ruled) -> None:
        """Put a rule in the place of the optimizer's own update."""

    def moves(self) -> tuple[list[Array], list[float], Kept] | None:
        """What the optimizer does to a few weights, its rates and its numbers: see `meaning.optimizer`."""
        return None

    def optimizer_is_plain(self) -> bool:
        """Whether the optimizer does nothing that its traits do not tell."""
        return True

    @abstractmethod
    def state_of(self, place: str) -> Mapping[str, Array]:
        """What the optimizer keeps for each trained weight under a place, canonical names and layouts."""

    @abstractmethod
    def slower(self, factor: float) -> AbstractContextManager[bool]:
        """Train at the learning rate times a factor; gives False where the rate cannot be changed from outside."""

    # ------------------------------------------------------------------ building

    def build(self, seed: int) -> None:
        """Run the side's file with this seed; the first time, find the view of the data that it wants."""
        if self.view is not None:
            self._find(seed)
            self._fit(self.view)
            return
        refused = []
        for view in views(self.data, self.framework):
            self._find(seed)
            try:
                self._fit(view)
                self._fit_targets(view)
            except SideError:
                raise
            except Exception as error:
                refused.append((view, error))
                continue
            self.look_at_step(seed)
            return
        raise misfit(self, refused)

    def _find(self, seed: int) -> None:
        self.lines.clear()
        self.output_became = ""
        self.known_optimizer.replaced = False
        self.forget_spots()
        self._head_outputs = None
        self._let_go()
        os.chdir(self.home)  # a file that goes to another folder while it runs begins here again
        with self.guarded(seed), self.precision.around():
            self.executed = execute(self.path, self.interesting)
            self.found = self.step_checked.applied(self._select() if self.selector else self.find(self.executed))
        self.precision.put(self)
        self.remember(self.executed)

    def _let_go(self) -> None:
        """Free a large model of an earlier build; its parts know each other, so that it would stay for a while."""
        if self._bytes > _LARGE:
            del self.executed, self.found
            self.layers = []
            gc.collect()

    def _fit(self, view: View) -> None:
        self.view, self.fitting = None, view
        self.settle(self.head(view))
        if self.observing:
            self.fresh_optimizer()
            self.renew()
            self._bytes = sum(self.read(live).nbytes for live in self.live())
        self.view = view

    def _fit_targets(self, view: View) -> None:
        refused = []
        self._head_outputs = self.forward(self.head(view))
        output_shapes = [output.shape for output in self._head_outputs]
        refusals.check_labels(self.path, output_shapes, self.data.n_classes)
        for target in targets(self.data, output_shapes):
            self.view = view.with_targets(target)
            try:
                self.loss(self.head(self.view))
            except Exception as error:
                refused.append(error)
                continue
            return
        self.view = None
        raise refusals.TargetsRefusedError(output_shapes, refused[0])

    def head(self, view: View) -> Batch:
        """The first batch of the training set."""
        return self.batch(*self.data.train(view, slice(0, self.batch_size)))

    def head_outputs(self) -> list[Array]:
        """What `forward` gave for the first batch when the side was built or changed last; computed once."""
        if self._head_outputs is None:
            assert self.view is not None
            self._head_outputs = self.forward(self.head(self.view))
        return self._head_outputs

    def load(self, weights: Mapping[str, Array]) -> None:
        """Start from these weights with a fresh optimizer; a step of the side's own counts from the start again."""
        super().load(weights)
        self.begin_anew()

    def put(self, weights: Mapping[str, Array]) -> None:
        """Set the weights and leave the optimizer alone."""
        self._head_outputs = None
        super().put(weights)

    @abstractmethod
    def layers_expected(self) -> str:
        """The shape that the model says it takes, in words; empty if it does not say."""

    # ------------------------------------------------------------------ finding

    def _select(self) -> Found:
        value = self.executed.namespace.get(self.selector)
        if value is None:
            raise refusals.no_such_name(self.path, self.selector)
        if inspect.isroutine(value) or inspect.isclass(value):
            value = self._called(value)
        parts = tuple(value.values()) if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
        for part in parts:
            self.executed.bindings.append(Binding(self.selector, part, 1, 1))
        self.executed.returned = parts
        models = [part for part in parts if self.is_model(part)]
        if len(models) != 1:
            raise refusals.no_model_of_that_name(self.path, self.selector, parts)
        return self.complete(models[0], self.selector)

    def _called(self, make: Callable[..., Any]) -> Any:
        try:
            inspect.signature(make).bind()
        except (TypeError, ValueError) as error:
            raise refusals.needs_arguments(self.path, self.selector, str(error)) from None
        return make()

    @abstractmethod
    def is_model(self, value: Any) -> bool:
        """Whether this is a model of the framework."""

    @abstractmethod
    def complete(self, model: Any, name: str) -> Found:
        """Loss, optimizer and the rest for a model that is known."""

    def one_model(self, candidates: list[Binding], missing: str) -> Binding:
        """The one candidate, or the error that lists them."""
        if len(candidates) == 1:
            return candidates[0]
        if not candidates:
            raise refusals.no_model(self.path, self.framework, missing)
        raise refusals.several_models(self.path, self.framework, candidates)

    def missing(self, what: str, expected: str, next_step: str) -> SideError:
        """The error for a model without loss or optimizer."""
        return refusals.incomplete(self.path, self.framework, what, expected, next_step)

    def trains_on_import(self, line: int | None) -> SideError:
        """The error for a file that starts to train while it is read."""
        return refusals.trains_on_import(self.path, line)

    # ------------------------------------------------------------------ training

    @abstractmethod
    def loops(self) -> ModuleType:
        """The module of the framework's canonical loops, which the report shows."""

    @abstractmethod
    def describe_names(self) -> tuple[str, str, str]:
        """Model, loss and optimizer in words."""

    @abstractmethod
    def version(self) -> str:
        """Version of the framework."""

    @abstractmethod
    def gradients(self, batch: Batch) -> Mapping[str, Array]:
        """Gradient of the training loss by parameter, read before the next step; empty where it cannot be seen."""

    @abstractmethod
    def step(self, batch: Batch) -> Any:
        """One training step; returns the native loss."""

    @abstractmethod
    def number(self, loss: Any) -> float:
        """Wait for a native loss and give its value."""

    @abstractmethod
    def timed(self, track: str, batches: Sequence[Batch]) -> Callable[[int], None]:
        """Runs so many steps of a track over the batches, in a circle, and waits for the last."""

    def inferred(self, track: str, batches: Sequence[Batch]) -> Callable[[int], None]:
        """Calls the model so often in evaluation mode, over the batches in a circle, each time until NumPy has it."""
        infer = self.precision.loop(self.loops(), "INFERENCE", track)
        call, ring = infer(self.found.model), cycle([batch.x for batch in batches])

        def run(n: int) -> None:
            for x in islice(ring, n):
                call(x)

        return run

    def forget_compiled(self) -> None:
        """Drop what was compiled in this process, so that it cannot change what is compiled for another size."""

    # ------------------------------------------------------------------ meaning

    def intervene(self, traits: Sequence[Mapping[str, Any]]) -> None:
        """Set traits of meaning (`where`, `name`, `value`) on the built side."""
        self._head_outputs = None
        self._taken = change(self, traits)
        self.fresh_optimizer()
        self.renew()

    def taken_back(self) -> bool:
        """Take back what was changed since the side was built; False where it must be built anew."""
        if self._taken is None or not self._taken.whole:
            return False
        self._taken.back(self.sites)
        self._taken = None
        return True

    def set_convention(self, layer: SeenLayer, name: str, value: Any) -> None:
        """Change a convention of a layer that is no attribute of it."""
        if value not in self.conventions:
            raise NotImplementedError(f"{name} of {layer.name} cannot be changed in {self.framework}")
        self.conventions[value](layer.thing)

    def measured(self, _layer: SeenLayer, _trait: str, /) -> Any:
        """What a class of the user's does about a convention, by experiment; None where that is not known."""
        return None

    def traits(self) -> list[dict[str, Any]]:
        """Every trait of meaning that we can read, as plain data."""
        return side_traits(self, self.optimizer_line())

    def idle_traits(self) -> list[dict[str, Any]]:
        """Traits that mean nothing until another one is changed."""
        idle = self.known_optimizer.idle_traits(self.optimizer_line(), float64=self.dtype == "float64")
        idle += [*left_out_traits(self, idle=True), *reached_traits(self)]
        return idle + roundings(self.layers, self.line_of_layer, rounded=False)

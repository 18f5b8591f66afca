"""What the adapters of all frameworks share: the search for a view of the data, names of layers, traits."""

from __future__ import annotations

import inspect
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from paragone.errors import SideError
from paragone.frameworks import refusals
from paragone.frameworks.base import Array, Batch, Weights
from paragone.frameworks.found import Found, SeenLayer
from paragone.frameworks.spots import known_view
from paragone.frameworks.stand_in import Gelu
from paragone.frameworks.traits import FUNCTIONS, ISLANDS, island_trait, kind_of_outputs, side_traits, softmax_trait
from paragone.frameworks.weights import WeightKeeper
from paragone.optimizers.base import OptimizerKind
from paragone.sides.execute import Binding, Executed, execute
from paragone.sides.source import PartFinder
from paragone.workers.dataset import DataSet, View, targets, views

LOSS_NAMES = ("criterion", "loss_fn", "loss_function", "loss", "objective", "compute_loss")


class SideAdapter(WeightKeeper):
    """A side inside its worker. The order of use is `build`, `intervene`, `load`, then the computations."""

    framework: ClassVar[str]
    gelu: ClassVar[Gelu]

    def __init__(self, spec: Mapping[str, Any], data: DataSet):
        super().__init__(str(spec.get("weight_map") or ""), str(spec["dtype"]))
        self.path = Path(spec["file"])
        self.selector = str(spec["selector"])
        self.batch_size = int(spec["batch_size"])
        self.scheduler_step = str(spec["scheduler_step"])
        self.threads = int(spec["threads"])
        self.data = data
        self.view = known_view(self.map) if self.map else None
        self.observing = True
        self.kept_batches: dict[str, Any] = {}
        self.lines: dict[int, int] = {}
        self.executed: Executed

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

    @abstractmethod
    def outputs(self, batch: Batch) -> list[Array]:
        """Outputs in evaluation mode, as the side gives them."""

    def forward(self, batch: Batch) -> list[Array]:
        """Outputs in evaluation mode, channels last where we know the side's layout."""
        given = self.outputs(batch)
        if self.map is None:
            return given
        return [np.moveaxis(a, 1, -1) if at == "first" else a for a, at in zip(given, self.map.outputs, strict=True)]

    @abstractmethod
    def optimizer_classes(self) -> list[str]:
        """Names that the optimizer goes by, most derived first."""

    @abstractmethod
    def optimizer_kind(self) -> OptimizerKind | None:
        """The optimizer, if it is one of ours."""

    @abstractmethod
    def get_optimizer(self, place: str) -> Any:
        """A number of the optimizer, by its place; None where there is none."""

    @abstractmethod
    def set_optimizer(self, name: str, place: str, value: Any) -> None:
        """Set a number (or a convention, where `place` is empty) of the optimizer."""

    @abstractmethod
    def renew(self) -> None:
        """Make the step functions anew, after the side's meaning was changed."""

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
            return
        raise self._misfit(refused)

    def _find(self, seed: int) -> None:
        self.lines.clear()
        self.forget_spots()
        with self.guarded(seed):
            self.executed = execute(self.path, self.interesting)
            self.found = self._select() if self.selector else self.find(self.executed)

    def _fit(self, view: View) -> None:
        x, y = self.data.train(view, slice(0, self.batch_size))
        self.view = None
        self.settle(self.batch(x, y))
        if self.observing:
            self.fresh_optimizer()
            self.renew()
        self.view = view

    def _fit_targets(self, view: View) -> None:
        refused = []
        output_shapes = [output.shape for output in self.forward(self.head(view))]
        self._check_labels(output_shapes)
        for target in targets(self.data, output_shapes):
            self.view = view.with_targets(target)
            try:
                self.loss(self.head(self.view))
            except Exception as error:
                refused.append(error)
                continue
            return
        self.view = None
        raise refused[0]

    def head(self, view: View) -> Batch:
        """The first batch of the training set."""
        return self.batch(*self.data.train(view, slice(0, self.batch_size)))

    def _check_labels(self, output_shapes: Sequence[tuple[int, ...]]) -> None:
        n_classes = self.data.n_classes
        if n_classes is None or len(output_shapes) != 1 or len(output_shapes[0]) != 2:
            return
        n_outputs = output_shapes[0][1]
        if 1 < n_outputs < n_classes:
            raise refusals.labels_out_of_range(self.path, n_outputs, n_classes)

    def _misfit(self, refused: list[tuple[View, Exception]]) -> Exception:
        expected = self.layers_expected()
        if not expected and not all(refusals.about_shapes(error) for _, error in refused):
            return refused[0][1]
        takes = f"{self.found.name} takes {expected}" if expected else f"an input that {self.found.name} can take"
        tried = [f"{view.name} {self.data.sample_shapes(view)}" for view, _ in refused]
        return refusals.misfit(self.path, takes, self.data.shapes(), tried, refused[0][1])

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
        parts = value if isinstance(value, tuple) else (value,)
        for part in parts:
            self.executed.bindings.append(Binding(self.selector, part, 1, 1))
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
    def gradients(self, batch: Batch) -> Weights:
        """Gradient of the training loss by parameter; empty where it cannot be seen."""

    @abstractmethod
    def step(self, batch: Batch) -> Any:
        """One training step; returns the native loss."""

    @abstractmethod
    def number(self, loss: Any) -> float:
        """Wait for a native loss and give its value."""

    @abstractmethod
    def timed(self, track: str, batches: Sequence[Batch]) -> Callable[[int], None]:
        """Runs so many steps of a track over the batches, in a circle, and waits for the last."""

    # ------------------------------------------------------------------ meaning

    def intervene(self, traits: Sequence[Mapping[str, Any]]) -> None:
        """Set traits of meaning (`where`, `name`, `value`) on the built side."""
        for trait in traits:
            if trait["where"] == "optimizer":
                name = str(trait["name"])
                self.set_optimizer(name, self._place(name), trait["value"])
            elif trait["where"] in FUNCTIONS:
                self.set_function(str(trait["where"]), str(trait["name"]), trait["value"])
            else:
                self._set_layer(str(trait["where"]), str(trait["name"]), trait["value"])
        self.fresh_optimizer()
        self.renew()

    def _place(self, name: str) -> str:
        """Where the framework keeps a trait of the optimizer; empty for a convention."""
        kind = self.optimizer_kind()
        specs = [spec for spec in kind.traits if spec.name == name] if kind else []
        return specs[0].places.get(self.framework, "") if specs else ""

    def set_function(self, where: str, name: str, value: Any) -> None:
        """Change what a function computes: the form of gelu, which every framework has."""
        if name != "approximate":
            raise NotImplementedError(f"{name} of {where} cannot be changed in {self.framework}")
        self.gelu.forced = bool(value)

    def _set_layer(self, where: str, name: str, value: Any) -> None:
        layer = next(layer for layer in self.layers if layer.name == where)
        attribute = next(item for item in layer.spelling.attributes if item.trait == name)
        if attribute.attribute:
            setattr(layer.thing, attribute.attribute, attribute.canonical(value))
        else:
            self.set_convention(layer, name, value)

    def set_convention(self, layer: SeenLayer, _name: str, _value: Any) -> None:
        """Change a convention of a layer that is no attribute of it."""
        raise NotImplementedError(f"{_name} of {layer.name} cannot be changed in {self.framework}")

    def traits(self) -> list[dict[str, Any]]:
        """Every trait of meaning that we can read, as plain data."""
        parts = PartFinder(self.path)
        line = self.line_of(self.found.optimizer) or parts.keyword("optimizer")
        return side_traits(self, line)

    def loss_traits(self) -> list[dict[str, Any]]:
        """How often softmax is applied; nothing where it cannot be told."""
        return [softmax_trait("once", settable=False)] if kind_of_outputs(self) == "logits" else []

    def islands(self) -> list[dict[str, Any]]:
        """Functions that compute with float32 numbers even in float64; only some frameworks have any."""
        return [island_trait(name, "float64", settable=False) for name in ISLANDS] if self.dtype == "float64" else []

    def line_of(self, thing: Any) -> int | None:
        """The first line of the statement that bound an object."""
        return next((b.first_line for b in self.executed.bindings if b.value is thing and b.first_line > 0), None)

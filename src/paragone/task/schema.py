"""The task file as data: what may stand in it, and in which form. The same objects are the Python interface.

Words (`kind = "…"`) are looked up when a task is checked (`paragone.task.check`); their options stand beside them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from paragone.task.names import identifier, readable
from paragone.task.tensor import MAX_AXES

Name = Annotated[str, StringConstraints(max_length=60), AfterValidator(identifier)]
Text = Annotated[str, StringConstraints(max_length=4000), AfterValidator(readable)]
Axis = Annotated[int, Field(gt=0, le=2**20, strict=True)]
Strength = Annotated[float, Field(ge=0, allow_inf_nan=False, strict=True)]
Shape = Annotated[tuple[Axis, ...], Field(max_length=MAX_AXES)]


def _many(value: Any) -> Any:
    """One item or several: `[loss]` and `[[loss]]`, `input = "x"` and `input = ["x"]`."""
    return value if isinstance(value, (list, tuple)) else [value]


class Part(BaseModel):
    """What every part of a task has in common: nothing may be changed, nothing unknown may stand in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Word(Part):
    """A word of the vocabulary; every further key is an option of it."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    kind: str

    @property
    def options(self) -> dict[str, Any]:
        """The options as they were given."""
        return dict(self.model_extra or {})


def _word(value: Any) -> Any:
    """A word without options may be written as its name alone: `activation = "relu"`."""
    return {"kind": value} if isinstance(value, str) else value


ShortWord = Annotated[Word, BeforeValidator(_word)]


class Input(Part):
    """An input of the model. Channels last, sequences as (time, feature); the batch axis is not written."""

    name: Name
    shape: Shape
    kind: Literal["float", "int", "bool"] = "float"


class Target(Part):
    """What the model learns: an array beside the inputs, in the order of the data's `y` (`y0`, `y1`, …)."""

    name: Name
    shape: Shape = ()
    kind: Literal["float", "int"] = "float"


class Layer(Word):
    """A node of the model's graph.

    Args:
        name: of the node and of its output.
        kind: the layer or activation.
        input: names of nodes or inputs; the node before it where nothing is said.
        activation: applied to the output.
        shares: name of a layer whose object, and so whose weights, this one uses too.
        l1: strength of an L1 penalty on its kernels: adds l1 · Σ|w| to the loss.
        l2: strength of an L2 penalty on its kernels: adds l2 · Σw² to the loss.
    """

    name: Name
    input: Annotated[tuple[str, ...], BeforeValidator(_many), Field(min_length=1)] = ()
    activation: ShortWord | None = None
    shares: str = ""
    l1: Strength = 0.0
    l2: Strength = 0.0


class Model(Part):
    """The graph.

    Args:
        inputs: in the order of the data's `x`, `x0`, `x1`, …
        layers: in any order; a layer without `input` takes the one before it.
        outputs: names of layers; the last layer where nothing is said.
    """

    inputs: Annotated[tuple[Input, ...], Field(min_length=1)]
    layers: Annotated[tuple[Layer, ...], Field(min_length=1, max_length=2000)]
    outputs: tuple[str, ...] = ()


class Loss(Word):
    """One term of the loss: `weight` times the mean over the batch.

    Args:
        kind: the loss.
        output: name of an output; the only one where nothing is said.
        target: name of a target; the only one that is no weight of samples where nothing is said.
        weight: of this term.
        sample_weight: name of a target that has a number for each sample (or for each position: all axes of the output
            but the last), by which the sample's part of the sum is multiplied; the divisor stays what it is without.
    """

    output: str = ""
    target: str = ""
    sample_weight: str = ""
    weight: Annotated[float, Field(gt=0, strict=True)] = 1.0


class Data(Part):
    """Where the data comes from: a built-in name, a file beside the task file, or `module:function`."""

    source: str


class Training(Part):
    """How long and in which portions."""

    batch_size: Annotated[int, Field(gt=0, le=2**20, strict=True)] = 32
    epochs: Annotated[int, Field(gt=0, le=10**6, strict=True)] = 5


class Metric(Part):
    """A number to report after training, on the test set; it has no options."""

    kind: str
    output: str = ""
    target: str = ""


def _metrics(value: Any) -> Any:
    return [_word(item) for item in _many(value)]


class Task(Part):
    """One task, which knows no framework.

    Args:
        name: as it is called on the command line; that of the file where nothing is said.
        title: one line for people.
        about: what is learned, from what, and what is instructive about it.
        data: where inputs and targets come from.
        model: the graph.
        targets: in the order of the data's `y`, `y0`, `y1`, …
        loss: one term or several.
        optimizer: `kind`, `learning_rate` and its options.
        schedule: of the learning rate, by training step; constant where nothing is said.
        clipping: of the gradients; none where nothing is said.
        metrics: reported by the written sides.
        training: batch size and epochs.
    """

    name: Text = ""
    title: Text = ""
    about: Text = ""
    data: Data
    model: Model
    targets: Annotated[tuple[Target, ...], Field(min_length=1)]
    loss: Annotated[tuple[Loss, ...], BeforeValidator(_many), Field(min_length=1)]
    optimizer: ShortWord
    schedule: ShortWord | None = None
    clipping: ShortWord | None = None
    metrics: Annotated[tuple[Metric, ...], BeforeValidator(_metrics)] = ()
    training: Training = Training()

"""Records of what is given: the data, the task, the machine, the sides."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from paragone.records.base import Record


class Array(Record):
    """One array of the data: its name, shape (samples first) and dtype."""

    name: str
    shape: tuple[int, ...]
    dtype: str


class Data(Record):
    """The data that every side was given, and where it came from."""

    source: str
    sha256: str
    arrays: tuple[Array, ...]
    n_train: int
    n_test: int
    kind: Literal["classification", "regression"]
    n_classes: int | None = None
    split: str
    notice: str = ""


class Task(Record):
    """What is learned, as far as it is known without a framework.

    `steps` is the length of the trajectory; 0 for a timing alone, which has none. `precision` is what the sides compute
    in while they are timed.
    """

    name: str
    data: Data
    batch_size: int
    seed: int
    steps: int
    scheduler_step: Literal["epoch", "batch"] = "epoch"
    precision: str = "float32"


class Machine(Record):
    """The machine of the run; names neither user nor host.

    `governor` is the kernel's policy for the processor's frequency, empty where it is not told.
    """

    cpu: str
    cores: int
    governor: str = ""
    memory_bytes: int
    system: str
    python: str
    accelerators: tuple[str, ...] = ()
    load_before: float
    packages: dict[str, str]


class Part(Record):
    """A stretch of a side's file that does one thing; parts with the same `id` correspond across sides.

    Args:
        id: for example `layer-1`, `loss`, `optimizer`, `loop`.
        label: for example `Dense 784 → 64`.
        first_line: 1-based, inclusive.
        last_line: 1-based, inclusive.
    """

    id: str
    label: str
    first_line: int
    last_line: int


class Layer(Record):
    """A layer as it was executed: shapes without the batch axis; `masks` where it makes a mask of token 0."""

    name: str
    kind: str
    spelled: str
    line: int | None = None
    input_shape: tuple[int, ...] = ()
    output_shape: tuple[int, ...] = ()
    parameters: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    masks: bool = False


class Trait(Record):
    """One property of meaning of a side: the epsilon of its optimizer, the momentum of its batch norm.

    `where` is `optimizer`, `loss`, `output` or the canonical name of a layer; `trap` the slug of the trap that a
    difference in this trait is, `row` its id in the catalogue. A `mixed` one has several values, one for each group of
    parameters, and says them in words.
    """

    where: str
    name: str
    value: float | int | str | bool | tuple[float, ...] | None
    trap: str
    row: str | None = None
    line: int | None = None
    settable: bool = True
    mixed: bool = False
    place: str = ""
    """Where the layer stands among those with weights, if its own name cannot be compared with another side's."""

    @property
    def key(self) -> tuple[str, str]:
        """What is the same for the corresponding trait of another side."""
        return self.place or self.where, self.name


class Side(Record):
    """One framework's version of the task, as it was run.

    `python` is the interpreter and its version, for a side that ran in another one than the rest. `precision` says what
    was done to it so that it computes in the task's precision; empty for float32.
    """

    name: str
    framework: str
    backend: str
    version: str
    packages: dict[str, str] = Field(default_factory=dict)
    python: str = ""
    file: str
    sha256: str
    code: str
    track: str = "idiomatic"
    device: str = "cpu"
    status: Literal["ok", "failed"] = "ok"
    why: str = ""
    log: str = ""
    model: str = ""
    loss: str = ""
    optimizer: str = ""
    output: Literal["logits", "probabilities", "log-probabilities", "values", ""] = ""
    input_view: str = ""
    n_parameters: int = 0
    parts: tuple[Part, ...] = ()
    layers: tuple[Layer, ...] = ()
    traits: tuple[Trait, ...] = ()
    loop: str = ""
    precision: str = ""
    notes: tuple[str, ...] = ()

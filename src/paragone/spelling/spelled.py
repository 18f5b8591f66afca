"""What a spelling gives: the source of one part of a side in one framework, and where its weights are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from paragone.spelling.code import Construct

Layout = Literal["last", "first", "any"]


@dataclass(frozen=True)
class Note:
    """Why a `matched` side departs from what the framework does by itself.

    Args:
        row: the trap's row in the catalogue, for example `B1`.
        reason: one line.
    """

    row: str
    reason: str


@dataclass(frozen=True)
class Helper:
    """A short function or class that a side brings because its framework has nothing that computes the same.

    Args:
        name: of the function or class.
        source: its whole text, typed, with a docstring; it uses only the side's imports, `imports` and `needs`.
        note: why the framework's own is not exact.
        imports: import lines that it needs beyond those that every side of its framework has.
        needs: other helpers that it calls.
    """

    name: str
    source: str
    note: Note
    imports: tuple[str, ...] = ()
    needs: tuple[Helper, ...] = ()


Step = tuple[str, tuple[int, ...]]
"""One operation on an array: `("transpose", axes)`, `("reshape", shape)`, `("flip", axes)`, or `("blocks", (axis, …
order))`: the equal blocks along an axis in another order, as in the gates of a recurrent layer."""


@dataclass(frozen=True)
class Stacked:
    """A framework's array seen as canonical weights one after the other.

    Args:
        shape: to which the array is reshaped: the number of weights, and the axes of one, in any order.
        last: the axes of it that are the last two of a canonical weight.
    """

    shape: tuple[int, ...]
    last: tuple[int, int] = (-2, -1)


@dataclass(frozen=True)
class Placed:
    """Where a framework keeps one canonical weight, and how it starts.

    Args:
        role: canonical name with its layout, for example `kernel_hwio`.
        path: dotted attributes from the layer's object to the tensor: `weight`, `cell.kernel`.
        steps: operations that bring the framework's array to the canonical layout, in order.
        part: (axis, start, stop) where the canonical weight is only a part of the framework's array, before `steps`.
        argument: keyword of the constructor that takes an initialiser; empty where it is set afterwards (PyTorch).
            `0.name` where it belongs to the call that is the constructor's first argument, as a cell is.
        default: name of the initialiser that the framework takes by itself, if it is one of ours.
        native: the framework computes fan-in and fan-out of this array as we do, so its initialiser of the same name
            may be used; otherwise the bound is written as a number.
        regulariser: keyword of the constructor that takes a regulariser (Keras).
        said: the call as it is written already says how it starts.
        stacked: the array for an optimizer that treats a kernel as a whole; None where it is one canonical weight with
            the last two axes at the end (Keras, Flax) or in front (PyTorch).
    """

    role: str
    path: str
    steps: tuple[Step, ...] = ()
    part: tuple[int, int, int] | None = None
    argument: str = ""
    default: str = ""
    native: bool = False
    regulariser: str = ""
    said: bool = False
    stacked: Stacked | None = None


@dataclass(frozen=True)
class Spelled:
    """One layer or function of a task in one framework.

    Args:
        construct: makes the layer's object; None for a function.
        call: the expression of the output; `{layer}` is the object, `{0}`, `{1}`, … are the inputs.
        layout: which layout of its inputs with spatial axes the call takes and gives, where the framework's sides
            have both (PyTorch): channels `last`, channels `first`, or `any`, when the output has that of the input.
            Only tensors with at least two axes beside the batch have a layout.
        gives: layout of the output, where it is another one.
        helpers: what the file must bring.
        notes: departures from the framework's defaults, written as comments in `matched`.
        placed: where its weights are.
        fuses: the constructor takes `activation=` (Keras).
        argument: for an activation, what `activation=` may be given instead of a call of its own.
        zeros: paths of parameters that the task does not know, which do nothing while they are zero (a second bias).
        setup: statements after the object was made; `{layer}` is the object.
        imports: import lines beyond those that every side of the framework has.
    """

    construct: Construct | None = None
    call: str = "{layer}({0})"
    layout: Layout = "any"
    gives: Layout | None = None
    helpers: tuple[Helper, ...] = ()
    notes: tuple[Note, ...] = ()
    placed: tuple[Placed, ...] = ()
    fuses: bool = False
    argument: str = ""
    zeros: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()

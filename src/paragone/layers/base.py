"""The form of a layer file: what the layer computes, its weights in canonical layout, how each framework spells it.

A layer file holds one `LAYER`. It imports no framework: classes are named, attributes are named, and the worker of a
framework looks them up on live objects. A canonical layout is spelled in the weight's name (`kernel_hwio`). An `Entry`
makes the layer a word of task files; `Spelling.write` says it in a framework.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from paragone.layers.running import Lay
from paragone.spelling.entry import Entry

if TYPE_CHECKING:
    import numpy as np

    from paragone.spelling.site import Write

    Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Weight:
    """One weight of a layer in one framework.

    Args:
        role: canonical name with its layout, for example `kernel_io`.
        attribute: where the framework's object keeps it.
        output_first: the framework keeps (out, in, spatial axes) where canonical is (spatial axes, in, out).
        trainable: False for a running statistic.
        multiplied: the framework keeps (spatial axes, channels, multiplier) where canonical is a grouped convolution's
            (spatial axes, 1, channels · multiplier).
    """

    role: str
    attribute: str
    output_first: bool = False
    trainable: bool = True
    multiplied: bool = False

    def to_canonical(self, array: Array) -> Array:
        """From the framework's layout to the canonical one."""
        return array.transpose(*range(2, array.ndim), 1, 0) if self.output_first else array

    def from_canonical(self, array: Array) -> Array:
        """From the canonical layout to the framework's."""
        last = array.ndim - 1
        return array.transpose(last, last - 1, *range(last - 1)) if self.output_first else array


@dataclass(frozen=True)
class Attribute:
    """A number that decides what a layer means, kept in an attribute of the framework's object.

    Args:
        trait: canonical name.
        attribute: where the framework's object keeps it.
        trap: slug of the trap that a difference in it is.
        row: the trap's row in the catalogue.
        canonical: from the framework's value to the canonical one (and, for the traits used here, back).
        fixed: the value where the framework has no choice; then `attribute` is empty.
        settable: False for a fixed convention that no adapter can change.
        toward: the only value of a convention that an adapter can bring about, where there is one.
        reads: the value of a convention that several attributes of an object tell.
        writes: gives an object another value, where other attributes of it follow from this one.
    """

    trait: str
    attribute: str
    trap: str
    row: str | None
    canonical: Callable[[Any], Any] = lambda value: value
    fixed: Any = ""
    settable: bool = True
    toward: Any = None
    reads: Callable[[Any], Any] | None = None
    writes: Callable[[Any, Any], None] | None = None

    def settable_from(self, value: Any) -> bool:
        """Whether an adapter can change it, where it has this value now."""
        return self.settable and (self.toward is None or value != self.toward)

    def read(self, thing: object) -> Any:
        """The canonical value on a live object."""
        if self.reads is not None:
            return self.reads(thing)
        return self.canonical(getattr(thing, self.attribute)) if self.attribute else self.fixed

    def write(self, thing: object, value: Any) -> None:
        """Give a live object another canonical value of an attribute."""
        if self.writes is not None:
            self.writes(thing, value)
        else:
            setattr(thing, self.attribute, self.canonical(value))


@dataclass(frozen=True)
class Setting:
    """One thing that decides what a layer computes beside its weights, as a trait.

    Args:
        name: canonical name.
        trap: slug of the trap that a difference in it is.
        row: the trap's row in the catalogue.
        default: the value that need not be said where one function stands in the place of another.
        others: further values that people write by hand.
    """

    name: str
    trap: str
    row: str | None = None
    default: Any = None
    others: tuple[Any, ...] = ()


Settings = Mapping[str, Any]
Sizes = tuple[int, ...]
Reads = Callable[[Any, Sizes], Settings]
"""From an object of a framework (or the arguments of a call, as attributes) and the spatial sizes of the input, to
canonical settings: numbers, words, or tuples with an entry for each spatial axis."""


Compute = Callable[[Any, tuple[Any, ...], Any, Any], Any]
"""The exact form of a layer in every framework: from the module of operations that it computes with, its inputs
(channels last), its settings as attributes, and its weights by role as attributes, to its output."""


Products = Callable[[tuple[Sizes, ...], Sizes, Mapping[str, Sizes]], float]
"""How many products of two numbers the matrix products and convolutions of a layer add up for one sample, forward: from
the shapes of its inputs, of its output and of its weights by role."""


def no_products(_inputs: tuple[Sizes, ...], _output: Sizes, _weights: Mapping[str, Sizes]) -> float:
    """Of a layer that has weights in a matrix, and multiplies nothing by it."""
    return 0.0


def _no_settings(_given: Any, _sizes: Sizes) -> Settings:
    return {}


def _given(_ops: Any, _layer: Any, _given: Any, output: Any) -> Any:
    return output


def _gave(_ops: Any, _layer: Any, result: Any) -> Any:
    return result


@dataclass(frozen=True)
class Called:
    """How an object that keeps several arrays of weights inside is called, so that its exact form can take its place.

    Args:
        parameters: of a call, with their defaults, as in a `def`.
        takes: from the operations, the object and the arguments to the inputs and the weights of the exact form; None
            for a call of which nothing is known.
        by_values: from the operations, these, and the output that they led to, to the settings, whoever wrote what the
            object does.
        gives: from the operations, the object, the arguments and the output of the exact form to what a call gives.
        gave: from the operations, the object and what a call gave to the output of the exact form.
    """

    parameters: str
    takes: Callable[[Any, Any, Any], tuple[tuple[Any, ...], Any] | None]
    by_values: Callable[[Any, tuple[tuple[Any, ...], Any], Any], Settings]
    gives: Callable[[Any, Any, Any, Any], Any] = _given
    gave: Callable[[Any, Any, Any], Any] = _gave


@dataclass(frozen=True)
class Function:
    """A function of a framework that computes a layer without an object.

    Args:
        places: where the framework keeps it, as dotted paths.
        parameters: its parameters with their defaults, as in a `def`; the tensors come first.
        reads: its settings.
        when: whether a call is this layer at all (`maximum(x, 0)` is ReLU, `maximum(x, y)` is not).
        inputs: how many of the parameters are inputs.
        weights: those that it is given as arguments; it is a layer with weights then, and the first one says which.
        arguments: its traits that are arguments themselves, and are changed there.
        channels_at: the axis of the channels, where it is not that of the spelling.
    """

    places: tuple[str, ...]
    parameters: str = "x"
    reads: Reads = _no_settings
    when: Callable[[Any], bool] = lambda _given: True
    inputs: int = 1
    weights: tuple[Weight, ...] = ()
    arguments: tuple[Attribute, ...] = ()
    channels_at: int | None = None

    def spelling(self, of: Spelling) -> Spelling:
        """Where the weights and the channels of a call are; `of` is the spelling that the function belongs to."""
        if not self.weights:
            return of
        at = of.channels_at if self.channels_at is None else self.channels_at
        return Spelling(weights=self.weights, channels_at=at)


@dataclass(frozen=True)
class Spelling:
    """How one framework spells a layer.

    Args:
        classes: class names, looked up along the object's MRO, in the framework's own packages.
        weights: its weights.
        attributes: its traits.
        write: says the layer of a task in this framework; None for a layer that is only recognised.
        inside: classes of other layers that may have one of these inside them, and the attribute that decides it.
        functions: functions that compute the same without an object.
        reads: the settings of an object; without it, an object has none.
        open: what an object calls inside is a layer of its own, like the activation of a `Dense` in Keras.
        channels_at: the axis of the channels where they are not the last, in inputs with spatial axes.
        when: which objects of these classes it is, where a class is several layers.
        whole: its weights are several, kept inside, and found in other ways than by `weights`.
        called: how such a one is called, where it has settings.
        lay: of a recurrent layer, where the outputs of its steps are in what it gives.
    """

    classes: tuple[str, ...] = ()
    weights: tuple[Weight, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    write: Write | None = None
    inside: Mapping[str, str] = field(default_factory=dict)
    functions: tuple[Function, ...] = ()
    reads: Reads | None = None
    open: bool = False
    channels_at: int = -1
    when: Callable[[Any], bool] = lambda _thing: True
    whole: bool = False
    called: Called | None = None
    lay: Lay | None = None


@dataclass(frozen=True)
class LayerKind:
    """One layer in all frameworks.

    Args:
        name: as task files and records call it.
        spellings: by framework.
        entry: what it is in a task file; None for a layer that is only recognised in a user's file.
        settings: its traits in every framework.
        compute: its exact form, which takes its place where a setting is changed.
        activation: it is a function of one tensor that keeps the shape and may follow any layer.
        products: its matrix products; None for a layer without any.
    """

    name: str
    spellings: Mapping[str, Spelling]
    entry: Entry | None = None
    settings: tuple[Setting, ...] = ()
    compute: Compute | None = None
    activation: bool = False
    products: Products | None = None

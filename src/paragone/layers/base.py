"""The form of a layer file: what the layer computes, its weights in canonical layout, how each framework spells it.

A layer file holds one `LAYER`. It imports no framework: classes are named, attributes are named, and the worker of a
framework looks them up on live objects. A canonical layout is spelled in the weight's name (`kernel_hwio`). An `Entry`
makes the layer a word of task files; `Spelling.write` says it in a framework.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    """

    role: str
    attribute: str
    output_first: bool = False
    trainable: bool = True

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
    """

    trait: str
    attribute: str
    trap: str
    row: str | None
    canonical: Callable[[Any], Any] = lambda value: value
    fixed: str = ""
    settable: bool = True

    def read(self, thing: object) -> Any:
        """The canonical value on a live object."""
        return self.canonical(getattr(thing, self.attribute)) if self.attribute else self.fixed


@dataclass(frozen=True)
class Spelling:
    """How one framework spells a layer.

    Args:
        classes: class names, looked up along the object's MRO, in the framework's own packages.
        weights: its weights.
        attributes: its traits.
        write: says the layer of a task in this framework; None for a layer that is only recognised.
    """

    classes: tuple[str, ...] = ()
    weights: tuple[Weight, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    write: Write | None = None


@dataclass(frozen=True)
class LayerKind:
    """One layer in all frameworks.

    Args:
        name: as task files and records call it.
        spellings: by framework.
        entry: what it is in a task file; None for a layer that is only recognised in a user's file.
    """

    name: str
    spellings: Mapping[str, Spelling]
    entry: Entry | None = None

"""Traits of a built side set to other values, and taken back where that can be done.

Numbers of a layer's object and what stands in the place of a call can be taken back exactly; a loss, an optimizer or a
convention that was replaced cannot, and the side is built anew. A large model takes longer to build than to run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from paragone.calls.by_hand import rounding_key
from paragone.calls.change import set_activation, set_setting
from paragone.calls.ends import LAST_OUTPUT, take_last
from paragone.calls.places import ACTIVATION, LATER
from paragone.calls.site import FunctionCall
from paragone.calls.sites import Change, Sites
from paragone.frameworks.accumulating import ACCUMULATION
from paragone.frameworks.double_softmax import SOFTMAX, set_softmax
from paragone.frameworks.extras import EXTRA, keep_at_zero
from paragone.frameworks.found import SeenLayer
from paragone.frameworks.freezing import FROZEN, freeze
from paragone.frameworks.islands import ISLANDS
from paragone.frameworks.left_out import LEFT_OUT, leave_out
from paragone.frameworks.padding import MASKS, mask_zero
from paragone.frameworks.stopped import GRADIENT, stop
from paragone.frameworks.temperature import FACTOR, set_factor
from paragone.frameworks.traits import ROUNDED
from paragone.layers.base import Attribute

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter

Traits = Sequence[Mapping[str, Any]]
_OF_TRAINING = ("loss", "optimizer")
OF_WEIGHTS: Mapping[str, Callable[[SideAdapter, str, Any], None]] = {
    FROZEN: lambda adapter, where, value: freeze(adapter, where, str(value)),
    LEFT_OUT: lambda adapter, where, value: leave_out(adapter, where, str(value)),
    EXTRA: lambda adapter, where, _value: keep_at_zero(adapter, where),
    GRADIENT: lambda adapter, where, value: stop(adapter, where, str(value)),
    FACTOR: lambda adapter, where, value: set_factor(adapter, where, float(value)),
}
"""By the name of a trait of a layer's weights, or of the end of the model: what sets it until the next build."""


@dataclass
class Taken:
    """What was changed on a built side.

    Args:
        changes: what stood in the place of calls before.
        followers: what came behind calls before.
        numbers: objects, their attributes, and the values that these had, in the order in which they were changed.
        whole: whether that is all, so that it can be taken back.
    """

    changes: dict[Any, Change]
    followers: dict[Any, Change]
    numbers: list[tuple[Any, str, Any]] = field(default_factory=list)
    whole: bool = True

    def back(self, sites: Sites) -> None:
        """Take it back."""
        sites.changes, sites.followers = self.changes, self.followers
        for thing, attribute, value in reversed(self.numbers):
            setattr(thing, attribute, value)


def change(adapter: SideAdapter, traits: Traits) -> Taken:
    """Set traits of meaning (`where`, `name`, `value`) on a built side."""
    taken = Taken(dict(adapter.sites.changes), dict(adapter.sites.followers))
    taken.whole = _of_training(adapter, traits)
    for trait in traits:
        where, name, value = str(trait["where"]), str(trait["name"]), trait["value"]
        if where in ISLANDS:
            adapter.set_island(where)
            taken.whole = False
        elif where not in _OF_TRAINING:
            taken.whole &= _set_layer(adapter, where, name, value, taken)
    return taken


def _of_training(adapter: SideAdapter, traits: Traits) -> bool:
    """Change loss and optimizer; whether nothing was to be changed."""
    of_loss = {str(row["name"]): row["value"] for row in traits if row["where"] == "loss"}
    for known in (adapter.known_loss, adapter.known_parts):
        known.change(of_loss)
    if SOFTMAX in of_loss:
        set_softmax(adapter, str(of_loss[SOFTMAX]))
    of_optimizer = {str(row["name"]): row["value"] for row in traits if row["where"] == "optimizer"}
    numbers = {name: value for name, value in of_optimizer.items() if name != ACCUMULATION}
    if ACCUMULATION in of_optimizer:
        adapter.accumulate(str(of_optimizer[ACCUMULATION]))
    if numbers:
        adapter.known_optimizer.change(numbers)
    return not of_loss and not of_optimizer


def _set_layer(adapter: SideAdapter, where: str, name: str, value: Any, taken: Taken) -> bool:
    """Change a layer; whether that can be taken back."""
    if name in OF_WEIGHTS:
        OF_WEIGHTS[name](adapter, where, value)
        return False
    layer = next(layer for layer in adapter.layers if layer.name == where)
    attribute = next((item for item in layer.spelling.attributes if item.trait == name), None)
    if name == MASKS and value:
        mask_zero(adapter, where, value)
        return False
    if name == ROUNDED:
        adapter.sites.changes[rounding_key(layer)] = Change(None, {})
    elif name.startswith(LAST_OUTPUT):
        take_last(adapter.sites, adapter.layers, where, name)
    elif name in {ACTIVATION, LATER}:
        set_activation(adapter.sites, adapter.layers, layer, str(value))
    elif attribute is None or isinstance(layer.thing, FunctionCall):
        set_setting(adapter.sites, layer, name, value)
    elif attribute.attribute:
        return _set_attribute(layer, attribute, value, taken)
    else:
        adapter.set_convention(layer, name, value)
        return False
    return True


def _set_attribute(layer: SeenLayer, attribute: Attribute, value: Any, taken: Taken) -> bool:
    taken.numbers.append((layer.thing, attribute.attribute, getattr(layer.thing, attribute.attribute)))
    attribute.write(layer.thing, value)
    return attribute.writes is None

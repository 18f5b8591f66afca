"""What errors about a model say: where a name stands, and which values lead to a layer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from paragone.errors import InputError
from paragone.task.schema import Model
from paragone.task.tensor import Tensor

_MOST = 5
"""Values that an error names."""


def check_unique(model: Model, where: str) -> None:
    """Refuse a name that stands for two things.

    Raises:
        InputError: one does; says where it stands for the second time.
    """
    seen: dict[str, str] = {}
    places = [(f"inputs[{index}]", item.name) for index, item in enumerate(model.inputs)]
    places += [(f"layers[{index}]", item.name) for index, item in enumerate(model.layers)]
    for place, name in places:
        if name in seen:
            raise InputError(
                f"The name '{name}' stands for two things.",
                where=f"{where}.{place}.name",
                expected="a name of its own for each input and layer",
                received=f"{name}, which is {seen[name]} too",
            )
        seen[name] = place


def values_before(taken: Iterable[str], known: Mapping[str, Tensor], came: Mapping[str, tuple[str, ...]]) -> str:
    """The last values on the way to a layer.

    Args:
        taken: what the layer takes.
        known: all values so far, in the order in which they are computed.
        came: what each layer takes.
    """
    on_the_way: set[str] = set()
    waiting = list(taken)
    while waiting:
        if (name := waiting.pop()) not in on_the_way:
            on_the_way.add(name)
            waiting += came.get(name, ())
    shown = [f"{name} {tensor.words()}" for name, tensor in known.items() if name in on_the_way][-_MOST:]
    return f"the values before it are {', '.join(shown)}"

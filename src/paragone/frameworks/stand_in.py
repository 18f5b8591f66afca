"""Functions that stand in the place of a framework's own, so that their calls are seen and can be changed.

A stand-in takes its place before the side's file runs, because a file may bind the function to a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class StandIn:
    """A function of a framework.

    Args:
        own: the framework's own function.
    """

    def __init__(self, own: Callable[..., Any]):
        self._own = own
        self.reset()

    def reset(self) -> None:
        """As the framework has it, and not called yet."""
        self.function = self._own
        self.called = False

    def install(self, name: str, *places: Any) -> None:
        """Take the place of the function in these modules."""

        def stand_in(*args: Any, **kwargs: Any) -> Any:
            return self.call(*args, **kwargs)

        for place in places:
            setattr(place, name, stand_in)

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Note the call and pass it on."""
        self.called = True
        return self.function(*args, **kwargs)


class Gelu(StandIn):
    """GELU, which is exact or the tanh approximation, by an argument whose default differs (row C1).

    Args:
        own: the framework's own function.
        exact: what the framework's argument `approximate` is for the exact form.
        tanh: what it is for the approximation.
        default: what it is by default.
    """

    def __init__(self, own: Callable[..., Any], *, exact: Any, tanh: Any, default: Any):
        self._forms = {False: exact, True: tanh}
        self._default = default
        super().__init__(own)

    def reset(self) -> None:
        """As the framework has it, and no form seen yet."""
        super().reset()
        self.seen: set[bool] = set()
        self.forced: bool | None = None

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Note the form and pass the call on, in the form that is forced."""
        given = args[1] if len(args) > 1 else kwargs.pop("approximate", self._default)
        self.seen.add(given == self._forms[True])
        if self.forced is not None:
            given = self._forms[self.forced]
        return super().call(*args[:1], approximate=given, **kwargs)

    def traits(self) -> list[dict[str, Any]]:
        """Which form the side uses; nothing where it uses none, or both."""
        if len(self.seen) != 1:
            return []
        (value,) = self.seen
        trait = {"where": "gelu", "name": "approximate", "trap": "gelu-approximation", "row": "C1"}
        return [{**trait, "value": value, "line": None, "settable": True}]

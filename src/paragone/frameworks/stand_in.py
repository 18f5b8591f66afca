"""Functions that stand in the place of a framework's own, so that their calls are seen and can be changed.

A stand-in takes its place before the side's file runs, because a file may bind the function to a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

_STANDS = "paragone_stand_ins"


class StandIn:
    """A function of a framework.

    Args:
        own: the framework's own function.
    """

    def __init__(self, own: Callable[..., Any]):
        self._own = own
        self._installed = False
        self.reset()

    def reset(self) -> None:
        """As the framework has it, and not called yet."""
        self.function = self._own
        self.called = False

    def install(self, name: str, *places: Any) -> None:
        """Take the place of the function in these modules, once for each process; what stood there is still called."""
        for place in places:
            there = getattr(place, name)
            if self in getattr(there, _STANDS, ()):
                continue  # also where another stand-in has been put around this one
            if not self._installed:
                self._installed = True
                self._own = self.function = there
            setattr(place, name, self._standing(there))

    def _standing(self, there: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(there)
        def stand_in(*args: Any, **kwargs: Any) -> Any:
            return self.call(*args, **kwargs)

        setattr(stand_in, _STANDS, (*getattr(there, _STANDS, ()), self))
        return stand_in

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Note the call and pass it on."""
        self.called = True
        return self.function(*args, **kwargs)

"""The form of a form file: one number for each place of the output, written once for every framework.

A form holds one `FORM`. `values` is written against `Numbers`: with NumPy's it recognises a loss by what it gives;
with a framework's own, differentiable ones it takes the place of that loss in an experiment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Options = Mapping[str, float]


class Numbers(Protocol):
    """The functions of one array library that forms are made of; the class axis is the last one."""

    def log(self, x: Any) -> Any:
        """Natural logarithm."""

    def exp(self, x: Any) -> Any:
        """Exponential."""

    def abs(self, x: Any) -> Any:
        """Absolute value."""

    def clip(self, x: Any, low: float, high: float) -> Any:
        """Nothing below `low`, nothing above `high`."""

    def where(self, test: Any, x: Any, y: Any) -> Any:
        """`x` where the test holds, `y` elsewhere."""

    def sum(self, x: Any) -> Any:
        """Over the last axis."""

    def total(self, x: Any) -> Any:
        """Over all axes."""

    def log_softmax(self, x: Any) -> Any:
        """Over the last axis."""

    def softplus(self, x: Any) -> Any:
        """log(1 + exp(x)), without overflow."""

    def one_hot(self, labels: Any, like: Any) -> Any:
        """Class numbers as rows of zeros and a one, with the size and type of `like`."""

    def cast(self, x: Any, like: Any) -> Any:
        """In the type of `like`."""

    def reshape(self, x: Any, shape: tuple[int, ...]) -> Any:
        """The same numbers in another shape."""

    def shape(self, x: Any) -> tuple[Any, ...]:
        """The lengths of all axes, as they are when it is computed."""

    def count(self, x: Any) -> Any:
        """How many numbers it has, when it is computed."""

    def moved(self, x: Any) -> Any:
        """The axis behind the samples' axis brought to the end."""

    def side_by_side(self, arrays: Sequence[Any]) -> Any:
        """Laid beside each other in the last axis."""


@dataclass(frozen=True)
class Form:
    """One form of a loss.

    Args:
        name: as traits call it.
        fits: whether output and target (NumPy, class axis last) can be its arguments.
        values: from numbers, output, target and options to one value for each place.
        takes: what the output must be (`logits`, `probabilities`, `log-probabilities`, `values`), or empty for any.
        options: options to try, likeliest first.
        extremes: more of them to try where outputs are saturated, since others do not show them.
        smoothed: it has an option `smoothing`, in which it is linear.
        tempered: its logits may be divided by an option `temperature`, where it takes logits.
        threshold: name of an option that is a length to be found (Huber's delta), or empty.
        classes: targets are class numbers, which may have weights.
        alone: it takes no target.
    """

    name: str
    fits: Callable[[Any, Any], bool]
    values: Callable[[Numbers, Any, Any, Options], Any]
    takes: str = ""
    options: tuple[Options, ...] = ({},)
    extremes: tuple[Options, ...] = ()
    smoothed: bool = False
    tempered: bool = False
    threshold: str = ""
    classes: bool = False
    alone: bool = False

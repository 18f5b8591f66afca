"""Where a part of a task stands, as its spelling in a framework is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from paragone.spelling.code import DEFAULT, unless
from paragone.spelling.spelled import Layout, Spelled
from paragone.task.tensor import Tensor

Fidelity = Literal["plain", "matched"]
FIDELITIES: tuple[Fidelity, Fidelity] = ("plain", "matched")


@dataclass(frozen=True)
class Chosen:
    """Options of a word and the fidelity in which it is spelled.

    Args:
        options: checked.
        fidelity: `plain` takes the framework's defaults and idiom, `matched` computes exactly what the canonical
            definition says.
    """

    options: Any
    fidelity: Fidelity

    @property
    def matched(self) -> bool:
        """Whether every framework must compute the same."""
        return self.fidelity == "matched"

    def given(self, option: str, default: Any, to: Callable[[Any], Any] = lambda value: value) -> Any:
        """The argument for an option: `DEFAULT` where the framework's default will do.

        A `plain` side leaves an option that the task does not name to the framework. A `matched` side writes it where
        the framework's default is another value.

        Args:
            option: name of the option.
            default: what the framework takes by itself, in its own terms.
            to: from the task's value to the framework's terms.
        """
        if not self.matched and option not in self.options.model_fields_set:
            return DEFAULT
        return unless(default, to(getattr(self.options, option)))


@dataclass(frozen=True)
class Site(Chosen):
    """One layer of a task, to be spelled.

    Args:
        options: the layer's options.
        fidelity: of the side.
        name: the layer's name, an identifier.
        inputs: its inputs, in the task's own layout (channels last), without the batch axis.
        output: its output.
        layout: of its inputs as they come, where the framework's sides have both layouts (PyTorch): `first` if all
            of them are channels first.
    """

    name: str
    inputs: tuple[Tensor, ...]
    output: Tensor
    layout: Layout = "last"

    @property
    def rank(self) -> int:
        """Number of spatial (or time) axes of the first input."""
        return len(self.inputs[0].shape) - 1

    @property
    def channels(self) -> int:
        """Size of the first input's last axis."""
        return self.inputs[0].shape[-1]


@dataclass(frozen=True)
class Impossible:
    """A framework cannot express this.

    Args:
        why: in one sentence, for the table and for the error.
    """

    why: str


Write = Callable[[Site], Spelled | Impossible]

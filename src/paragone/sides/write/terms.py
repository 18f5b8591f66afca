"""The terms of a loss in a written side."""

from __future__ import annotations

from dataclasses import dataclass

from paragone.losses.base import LossSpelled
from paragone.spelling.code import number


@dataclass(frozen=True)
class SpelledTerm:
    """One term of the loss in a framework.

    Args:
        spelled: how it is said.
        weight: of the term.
        output: name of the output.
        target: name of the target; empty if it takes none.
        sample_weight: name of the target that has the weights of samples; empty if there is none.
    """

    spelled: LossSpelled
    weight: float
    output: str
    target: str
    sample_weight: str = ""

    def expression(self, **names: str) -> str:
        """The term with its weight; `names` say how an array is called in the side, where not by its own name."""
        arrays = {"output": self.output, "target": self.target, "weight": self.sample_weight}
        value = self.spelled.expression.format(**{key: names.get(name, name) for key, name in arrays.items()})
        return weighted(value, self.weight)


def weighted(expression: str, weight: float) -> str:
    """A term of the loss times its weight."""
    return expression if weight == 1.0 else f"{number(weight)} * {expression}"

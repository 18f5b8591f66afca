"""The form of a loss file: what one term of a loss computes, which arrays it takes, how each framework spells it.

A loss file holds one `LOSS`. The value of a term is its mean over the samples (and over the axes that are not the
class axis), unless `computes` says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from paragone.spelling.code import Construct
from paragone.spelling.entry import Options
from paragone.spelling.site import Chosen, Impossible
from paragone.spelling.spelled import Helper, Layout, Note
from paragone.task.tensor import Tensor


@dataclass(frozen=True)
class LossSite(Chosen):
    """One term of a loss, to be spelled.

    Args:
        options: of the loss.
        fidelity: of the side.
        output: the model's output, channels last.
        target: what it is compared with.
        layout: `first` where the output's class axis stands behind the batch axis (PyTorch's images).
    """

    output: Tensor
    target: Tensor
    layout: Layout = "last"


@dataclass(frozen=True)
class LossSpelled:
    """One term of a loss in one framework.

    Args:
        expression: the term's value; `{output}` and `{target}` are the arrays.
        made: an object that is called with them and gives the same: a `keras.losses.Loss` (called with target, output),
            an `nn.Module` (called with output, target), or the name of a helper of that form. None where there is none.
        helpers: what the file must bring.
        notes: departures from the framework's defaults.
        imports: import lines beyond those that every side of the framework has.
    """

    expression: str
    made: Construct | str | None = None
    helpers: tuple[Helper, ...] = ()
    notes: tuple[Note, ...] = ()
    imports: tuple[str, ...] = ()


WriteLoss = Callable[[LossSite], LossSpelled | Impossible]


@dataclass(frozen=True)
class LossKind:
    """One loss.

    Args:
        name: as task files call it.
        computes: the formula, in one line.
        options: their model.
        check: raises `UnfitError` where output and target do not fit it.
        spellings: by framework.
        rows: rows of the catalogue of traps that it meets.
        examples: tables for the manual and the tests: options, `output` and `target` shapes.
        takes_target: False for a term that is made of the output alone.
    """

    name: str
    computes: str
    options: type[Options]
    check: Callable[[Any, Tensor, Tensor], None]
    spellings: Mapping[str, WriteLoss]
    rows: tuple[str, ...] = ()
    examples: tuple[Mapping[str, Any], ...] = ()
    takes_target: bool = True

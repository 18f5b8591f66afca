"""The form of a loss file: what one term of a loss computes, which arrays it takes, how each framework spells it.

A loss file holds one `LOSS`. The value of a term is its mean over the samples (and over the axes that are not the
class axis), unless `computes` says otherwise. A term may have weights of samples: each sample's part of the sum is
multiplied by its weight, and the divisor stays what it is without them: Σ w · loss / n. That is what Keras does with
`sample_weight` (`sum_over_batch_size`; keras/src/losses/loss.py, reduce_weighted_values, 3.15), and what
`(weight * losses).mean()` says in PyTorch and Optax, which have no such argument. A sample then counts the same in
whichever batch it is, unlike with Σ w · loss / Σ w, which is how weights of classes are meant (row D5).
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
        weight: a number for each sample, or for each position (all axes of the output but the last); None without.
    """

    output: Tensor
    target: Tensor
    layout: Layout = "last"
    weight: Tensor | None = None


@dataclass(frozen=True)
class LossSpelled:
    """One term of a loss in one framework.

    Args:
        expression: the term's value; `{output}`, `{target}` and, where the samples are weighted, `{weight}` are the
            arrays.
        made: an object that is called with them and gives the same: a `keras.losses.Loss` (called with target, output
            and, where the samples are weighted, `sample_weight`), an `nn.Module` (called with output, target), or the
            name of a helper of that form. None where there is none.
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

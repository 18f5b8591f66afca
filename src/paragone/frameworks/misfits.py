"""What is said where no form of the data fits a side: of its inputs, or of its targets."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import Any

from paragone.frameworks import refusals
from paragone.workers.dataset import View


def misfit(adapter: Any, refused: Sequence[tuple[View, Exception]]) -> Exception:
    """The error for the forms of the data that were tried, each with what the framework said.

    The framework's own traceback goes into the side's log.
    """
    of_targets = next((e for _, e in refused if isinstance(e, refusals.TargetsRefusedError)), None)
    expected = adapter.layers_expected()
    if of_targets is not None:
        if not refusals.about_shapes(of_targets.error):
            return of_targets.error
        traceback.print_exception(of_targets.error)
        loss = "the side's own step" if adapter.found.loss is None else "its loss"
        return refusals.misfit_of_targets(adapter.path, of_targets, adapter.data.target_shapes(), loss)
    about_shapes = all(refusals.about_shapes(error) for _, error in refused)
    if not about_shapes and (not expected or refusals.raised_in(adapter.path, refused[0][1])):
        return refused[0][1]
    traceback.print_exception(refused[0][1])
    name = adapter.found.name
    takes = f"{name} takes {expected}" if expected else f"an input that {name} can take"
    tried = [f"{view.name} {adapter.data.sample_shapes(view)}" for view, _ in refused]
    return refusals.misfit(adapter.path, takes, adapter.data.shapes(), tried, refused[0][1])

"""The loss of a built side with several outputs or targets: recognised as a sum, told as traits, and changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from paragone.frameworks.known_loss import TOLERANCE, TRAPS
from paragone.meaning.forms import loss_forms
from paragone.meaning.several import Part, SeveralPoint, parts_of

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter

_OF = " of output "
_ROWS = ((0, 7), (7, 14), (3, 8), (11, 18), (2, 13), (20, 26), (1, 4), (14, 23))
_MOST = 4
"""Outputs of a model whose loss is recognised."""


class KnownParts:
    """The loss of a side whose model gives several outputs, or which has several targets.

    Args:
        adapter: of the side, built.
    """

    def __init__(self, adapter: SideAdapter):
        self._adapter = adapter
        self._tried = False
        self._known: tuple[Part, ...] | None = None

    def recognise(self) -> tuple[Part, ...] | None:
        """The parts of the loss as it was written; found once."""
        if not self._tried:
            self._tried = True
            self._known = self._found()
        return self._known

    def traits(self, line: int | None) -> list[dict[str, Any]]:
        """The traits of each part; none where the loss was not recognised."""
        free = self._adapter.takes_losses
        return [
            {
                **{"where": "loss", "name": f"{name}{_OF}{min(part.outputs) + 1}", "value": value},
                **{"trap": TRAPS[name][0], "row": TRAPS[name][1], "line": line, "settable": name != "form" and free},
            }
            for part in self.recognise() or ()
            for name, value in _told(part).items()
        ]

    def change(self, wanted: Mapping[str, Any]) -> None:
        """Put the loss, with other values of some traits, in the place of the side's own; others are passed over."""
        wanted = {name: value for name, value in wanted.items() if _OF in name}
        if not wanted:
            return
        known = self.recognise()
        if known is None:
            raise NotImplementedError("the loss was not recognised, so it cannot be changed")
        parts = [_changed(part, wanted) for part in known]
        numbers = self._adapter.numbers

        def compute(outputs: Sequence[Any], targets: Sequence[Any]) -> Any:
            laid_out = self._laid_out(outputs, numbers.moved)
            shares = [part.value(numbers, laid_out, targets) for part in parts]
            return sum(shares[1:], start=shares[0])

        self._adapter.replace_loss(compute, {})

    # ------------------------------------------------------------------ recognising

    def _found(self) -> tuple[Part, ...] | None:
        adapter = self._adapter
        if adapter.found.loss is None or adapter.view is None:
            return None
        _, targets = adapter.data.train(adapter.view, slice(*_ROWS[0]))
        n_outputs = len(adapter.head_outputs())
        if n_outputs > _MOST or n_outputs == len(targets) == 1:
            return None  # that of one output and target may have more options: see `known_loss`
        points = [point for rows in _ROWS if (point := self._point(slice(*rows))) is not None]
        return parts_of(points, TOLERANCE[adapter.dtype]) if len(points) == len(_ROWS) else None

    def _point(self, rows: slice) -> SeveralPoint | None:
        adapter = self._adapter
        assert adapter.view is not None
        x, y = adapter.data.train(adapter.view, rows)
        if len(x[0]) < rows.stop - rows.start:
            return None
        outputs, loss = adapter.judged(adapter.batch(x, y))
        laid_out = self._laid_out([output.astype(np.float64) for output in outputs], lambda a: np.moveaxis(a, 1, -1))
        return SeveralPoint(tuple(laid_out), tuple(y), loss) if np.isfinite(loss) else None

    def _laid_out(self, outputs: Sequence[Any], moved: Any) -> list[Any]:
        """The outputs in the order of the task, channels last, as far as that is known."""
        known = self._adapter.map
        order = (known.order if known else ()) or range(len(outputs))
        given = [outputs[place] for place in order]
        places = (known.outputs if known else ()) or ("last",) * len(given)
        return [moved(output) if at == "first" else output for output, at in zip(given, places, strict=True)]


def _told(part: Part) -> dict[str, Any]:
    meaning = part.meaning
    return {"form": loss_forms()[meaning.form].name, "over": meaning.over, "scale": meaning.scale}


def _changed(part: Part, wanted: Mapping[str, Any]) -> Part:
    place = min(part.outputs) + 1
    over, scale = (wanted.get(f"{name}{_OF}{place}", getattr(part.meaning, name)) for name in ("over", "scale"))
    return replace(part, meaning=replace(part.meaning, over=over, scale=float(scale)))

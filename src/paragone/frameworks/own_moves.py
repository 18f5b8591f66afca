"""What the adapters of all frameworks are asked about a side's steps: what they move, and after how many batches."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from paragone.frameworks.accumulating import EACH
from paragone.frameworks.spots import Spot


class OwnMoves:
    """What a side's steps move."""

    stands_still = False
    """One step of the side's own, on one batch, moves nothing."""
    _left_out: set[str] | None = None

    @property
    def left_out(self) -> set[str]:
        """Weights that have a gradient and that no step moves; found once, on the side as it is written."""
        if self._left_out is None:
            self._left_out = self.unmoved()
        return self._left_out

    @property
    def moves_at_once(self) -> bool:
        """Whether one batch is known to make a step."""
        return self.left_out is not None and not self.stands_still

    @abstractmethod
    def unmoved(self) -> set[str]:
        """See `left_out`."""

    @abstractmethod
    def hold(self, spots: Sequence[Spot]) -> None:
        """Let no step move these weights, which keep their gradients, until the side is built anew."""

    @abstractmethod
    def freeze(self, spots: Sequence[Spot]) -> None:
        """Do not train these weights until the side is built anew."""

    def stop(self, spots: Sequence[Spot]) -> None:
        """Let no gradient reach these weights until the side is built anew; a frozen weight has none either."""
        self.freeze(spots)

    def accumulation(self) -> tuple[str, bool]:
        """After how many batches there is a step, empty where that cannot be told; and whether it can be changed."""
        return EACH, False

    def accumulate(self, value: str) -> None:
        """Have a step after so many batches until the side is built anew."""
        raise NotImplementedError(f"a step after {value} cannot be had here")

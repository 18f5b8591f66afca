"""What the adapters of all frameworks are asked about a side's steps: what they move, and after how many batches."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from paragone.frameworks import refusals
from paragone.frameworks.accumulating import EACH
from paragone.frameworks.base import Batch
from paragone.frameworks.by_hand import rate_by_hand
from paragone.frameworks.checked_step import Checked, checked, says_the_loss
from paragone.frameworks.spots import Spot
from paragone.sides.execute import Executed
from paragone.sides.kept import remembered

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter


class OwnMoves:
    """What a side's steps move."""

    step_checked = Checked()
    """What a step of the side's own has to do with its loss."""
    _looked = False
    rate_by_hand = 1.0
    """That of a step which moves the weights without an optimizer."""

    stands_still = False
    """One step of the side's own, on one batch, moves nothing."""
    _left_out: set[str] | None = None
    _bring_back: Callable[[], None] | None = None

    def begin_anew(self) -> None:
        """What the file keeps beside its model and its optimizer is what it was when the file had run."""
        if self._bring_back is not None:
            self._bring_back()

    def remember(self, executed: Executed) -> None:
        """Remember that, when the file has run."""
        own = self.own_ids()
        self._bring_back = remembered(executed.namespace, lambda value: None if id(value) in own else self.held(value))

    def own_ids(self) -> set[int]:
        """The ids of what the model and the optimizer keep themselves."""
        return set()

    def held(self, value: Any) -> Callable[[], None] | None:
        """For a value of the framework that keeps numbers what brings them back."""

    def look_at_step(self, seed: int) -> None:
        """Once, where the file has a step of its own beside a loss; the side is built anew after that."""
        adapter = cast("SideAdapter", self)
        if self._looked or not adapter.observing or adapter.found.step is None:
            return
        self._looked = True
        if adapter.found.by_hand:
            self._find_rate(adapter, seed)
        if adapter.found.loss is not None:
            adapter.take_all()
            self.step_checked = checked(adapter)
            adapter.build(seed)
            if adapter.found.by_hand and not self.step_checked.plain:
                raise refusals.moves_in_another_way(adapter.path)

    def _find_rate(self, adapter: SideAdapter, seed: int) -> None:
        assert adapter.view is not None
        adapter.take_all()
        rate = rate_by_hand(adapter, [adapter.head(adapter.view)] * 2)
        if rate is None:
            raise refusals.moves_in_another_way(adapter.path)
        self.rate_by_hand = rate
        adapter.build(seed)

    @property
    def written(self) -> bool:
        """Whether the side was written from a task; its step, beside its loss, is the loop of its framework."""
        known = cast("SideAdapter", self).map
        return known is not None and known.written

    @property
    def looks_at_steps(self) -> bool:
        """Whether a step that is handed its model and optimizer counts beside a loss: in a proof, of a user's side."""
        return cast("SideAdapter", self).observing and not self.written

    @property
    def takes_losses(self) -> bool:
        """Whether another loss in the place of the side's own is what it trains with."""
        return cast("SideAdapter", self).found.step is None or self.step_checked.plain or self.written

    @property
    def may_clip(self) -> bool:
        """Whether a step of its own may do something to gradients that only running it would show."""
        return cast("SideAdapter", self).found.step is not None and not self.step_checked.plain and not self.written

    def follows_loss(self, batch: Batch, said: float) -> bool:
        """Whether the loss of the file is what its own step follows, which said a number of the same batch.

        Args:
            batch: of a step from the weights that the side has.
            said: what the step gave back.
        """
        return says_the_loss(cast("SideAdapter", self), batch, said)

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

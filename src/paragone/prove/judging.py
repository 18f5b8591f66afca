"""The verdict on one tensor of one rung, from its distance and from what rounding alone does to it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from paragone.prove.no_gradient import GRADIENTS
from paragone.prove.scope import Climbed, DType
from paragone.prove.tolerances import COLLAPSE, ROUNDING, TOLERANCES, TOSSED, UNDECIDED
from paragone.records import Distance, SameVerdict

Floors = Mapping[str, float]
_ORDER: dict[SameVerdict, int] = {"not run": 0, "same": 1, "undecided": 2, "different": 3}
_STEP, _PARTIAL = "step/", "step_partial/"
_FLOOR = "within the floor"
_ROUNDING = "within three floors of rounding"
_BESIDE = "within ten floors of rounding, beside parameters without a gradient"
_ELEMENTS = "within ten floors of rounding, in elements without a gradient alone"
_UPDATE = "no further apart than the update makes of gradients that are the same"


class Judged:
    """Decides tensor by tensor.

    float64 has a fixed tolerance. A tensor beyond it, but no more than 10,000 times, is the same within three times
    what rounding alone does to it; within ten times any is undecided. Where there are parameters without a true
    gradient, whose drift other tensors take part in (the running mean after a convolution's bias), it is the same up to
    there; so it is where only single elements without a gradient are beyond it. A first step is the same if it is apart
    by no more than the optimizer's update makes of gradients that are the same. float32 beside it is held against the
    floor of each tensor.

    Args:
        dtype: the precision that the workers were asked for.
        name: the rung.
        floors: the larger of both sides' floors, by tensor; looked at only where they are needed.
        exact: both sides really compute in float64.
        gauge: there are parameters without a true gradient.
        trusting: what is far beyond its tolerance is different without a floor; see `Group.trusting`.
        others: of a tensor with elements that have no true gradient, how far its other elements are apart; asked for
            only where that decides.
        hidden: no side shows its gradients. Then a parameter has none where rounding alone decides which way it goes in
            its first step.
        follows: how far the gradients behind the first step of a tensor are apart, and the step beyond what its update
            makes of that; asked for only where it decides.
    """

    def __init__(
        self,
        dtype: DType,
        name: Climbed,
        floors: Floors,
        *,
        exact: bool,
        gauge: bool,
        trusting: bool = False,
        others: Callable[[str], float | None] = lambda _tensor: None,
        hidden: bool = False,
        follows: Callable[[str], tuple[float, float] | None] = lambda _tensor: None,
    ):
        self.tolerance = TOLERANCES[name] if dtype == "float64" else None
        self._floors = floors
        self._exact = exact
        self._gauge = gauge
        self._others = others
        self._hidden = hidden
        self._follows = follows
        self._near = COLLAPSE * TOLERANCES[name]
        self._far = self._near if trusting and exact and dtype == "float64" else math.inf

    def verdict(self, distance: Distance) -> SameVerdict:
        """Same, different or undecided."""
        if self.tolerance is not None and distance.max_rel <= self.tolerance:
            return "same"
        if distance.max_rel > self._far:
            return "different"
        if self._excused(distance):
            return "same"
        floor = self._floors.get(distance.tensor, math.inf)
        if math.isinf(floor):  # unknown, or of a tensor that stands at zero, beside which any rounding is infinite
            return "different" if self._exact else "undecided"
        return "different" if distance.max_rel > UNDECIDED * floor else "undecided"

    def _excused(self, distance: Distance) -> str:
        """Why a tensor beyond its tolerance is the same all the same; empty where it is not."""
        floor = self._floors.get(distance.tensor, math.inf)
        if self.tolerance is None:
            return _FLOOR if distance.max_rel <= floor < math.inf else ""
        if not self._exact or self.tolerance >= distance.max_rel:
            return ""
        if self._followed(distance.tensor, _STEP):
            return _UPDATE
        return self._within(distance, floor) if distance.max_rel <= UNDECIDED * floor < math.inf else ""

    def _within(self, distance: Distance, floor: float) -> str:
        """Why a tensor within ten floors is the same."""
        reasons: dict[str, Callable[[], bool]] = {
            _ROUNDING: lambda: distance.max_rel <= min(ROUNDING * floor, self._near),
            _BESIDE: lambda: self._gauge or self._tossed(),
            _ELEMENTS: lambda: self._elements_alone(distance),
            _UPDATE: lambda: self._followed(distance.tensor, _PARTIAL),
        }
        return next((reason for reason, holds in reasons.items() if holds()), "")

    def _followed(self, tensor: str, prefix: str) -> bool:
        """Whether the first step of a tensor is what its update makes of gradients that are the same."""
        name = tensor.removeprefix(prefix)
        found = self._follows(_STEP + name) if tensor.startswith(prefix) else None
        if found is None or self.tolerance is None:
            return False
        apart, left = found
        floor = self._floors.get(GRADIENTS + name, 0.0) if apart > TOLERANCES["gradients"] else 0.0
        return left <= self.tolerance and apart <= max(TOLERANCES["gradients"], ROUNDING * floor) < math.inf

    def _elements_alone(self, distance: Distance) -> bool:
        """Whether only elements without a true gradient are beyond the tolerance."""
        others = self._others(distance.tensor)
        return others is not None and self.tolerance is not None and others <= self.tolerance

    def _tossed(self) -> bool:
        """Whether rounding alone decides which way a parameter goes."""
        first = (floor for tensor, floor in self._floors.items() if tensor.startswith("step/"))
        return self._hidden and any(TOSSED < floor < math.inf for floor in first)

    def worst(self, distances: Sequence[Distance]) -> tuple[SameVerdict, Distance]:
        """The verdict on the rung, and the distance that it rests on; one that is far decides alone."""
        largest = max(distances, key=lambda one: one.max_rel)
        if largest.max_rel > self._far:
            return "different", largest
        return max(((self.verdict(one), one) for one in distances), key=lambda item: (_ORDER[item[0]], item[1].max_rel))

    def by_rounding(self, distances: Sequence[Distance]) -> list[Distance]:
        """The tensors that are the same only because rounding alone moves them as far."""
        if self.tolerance is None or any(one.max_rel > self._far for one in distances):
            return []
        return [one for one in distances if one.max_rel > self.tolerance and self.verdict(one) == "same"]

    def told(self, moved: Sequence[Distance]) -> str:
        """The same in words."""
        reasons: dict[str, list[str]] = {}
        for one in moved:
            reasons.setdefault(self._excused(one), []).append(one.tensor)
        return "; ".join(f"{reason}: {', '.join(tensors)}" for reason, tensors in reasons.items())

    def floor(self, distances: Iterable[Distance]) -> float | None:
        """The largest finite floor of these tensors, where floors were needed."""
        distances = list(distances)
        largest = max((one.max_rel for one in distances), default=0.0)
        if self.tolerance is not None and not self.tolerance < largest <= self._far:
            return None
        found = (self._floors.get(one.tensor, math.inf) for one in distances)
        return max((floor for floor in found if math.isfinite(floor)), default=None)


class JudgedAlone(Judged):
    """float32 where it decides alone.

    Two frameworks add in different orders, which one unit in the last place of the weights does not show for every
    tensor. So the floor of the whole rung counts: within ten of it two sides are the same, and that is what float32
    costs: a difference of meaning that is smaller is not seen.
    """

    def __init__(self, dtype: DType, name: Climbed, floors: Floors, *, exact: bool, gauge: bool):
        super().__init__(dtype, name, floors, exact=exact, gauge=gauge)
        self._rung = 0.0

    def over(self, distances: Iterable[Distance]) -> JudgedAlone:
        """The same, knowing all tensors of the rung."""
        self._rung = self.floor(distances) or 0.0
        return self

    def verdict(self, distance: Distance) -> SameVerdict:
        """Same within ten floors of the rung, undecided within a hundred."""
        if distance.max_rel <= UNDECIDED * self._rung:
            return "same"
        return "undecided" if distance.max_rel <= UNDECIDED**2 * self._rung else "different"

"""The places where two sides part, from their tapes.

Every front is brought to a layer that both sides have under one name: it lies inside of the layer, where both calls
were given the same; or before it, where they were given different things; or behind the last one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from paragone.prove.tapes import NOT_FINITE, Call, Tape
from paragone.prove.twins import Judged, judge, out_of_order, same_value

Relation = Literal["inside", "before", "behind"]


@dataclass(frozen=True)
class Difference:
    """One place where the sides part.

    Args:
        relation: of the place to the layer.
        layer: canonical name of the layer that both sides have; empty where there is none behind the place.
        a: the value of the first side that is wrong first; None where that side does nothing here.
        b: the same of the second side.
        compared: a value of each side that should be the same and is not; None where their sizes differ.
        given: a value of each side that the place was made from, and that is the same.
        reordered: the elements are the same and stand in another order.
    """

    relation: Relation
    layer: str
    a: int | None
    b: int | None
    compared: tuple[int, int] | None
    given: tuple[int, int] | None = None
    reordered: bool = False


def differences(
    a: Tape, b: Tape, weighted: Collection[str], tolerance: float, *, sure: bool = False
) -> list[Difference]:
    """All places that can be told apart, in the first side's order of execution.

    Args:
        a: one side's pass.
        b: the other's.
        weighted: canonical names of layers with weights, which are sure to be the same layer on both sides.
        tolerance: relative, of what counts as the same.
        sure: only those that cannot follow from another place.
    """
    found = _Comparison(judge(a, b, tolerance), judge(b, a, tolerance), frozenset(weighted), tolerance)
    return [place for place in found.places() if not sure or found.independent(place)]


@dataclass(frozen=True)
class _Comparison:
    a: Judged
    b: Judged
    weighted: frozenset[str]
    tolerance: float

    def places(self) -> list[Difference]:
        """A place for every front; the second side's own fronts only where the first has none there."""
        found: dict[tuple[Relation, str, int], Difference] = {}
        for front in self.a.fronts:
            place = self._place(front)
            found.setdefault(_identity(place), place)
        mirrored = _Comparison(self.b, self.a, self.weighted, self.tolerance)
        for front in self.b.fronts:
            place = _turned(mirrored._place(front))
            found.setdefault(_identity(place), place)
        return self._sorted(_without_shadows(list(found.values())))

    def independent(self, place: Difference) -> bool:
        """Whether both sides come to the place with the same values, so that nothing before it can be the reason."""
        if place.relation == "inside" and place.layer in {key[0] for key in self.b.tape.gaps}:
            return self._agrees(next(call for call in self.a.tape.calls if call.layer == place.layer))
        if place.a is not None and place.b is not None:
            return self.a.comes_from_same(place.a) and self.b.comes_from_same(place.b)
        lacking = self.a if place.a is None else self.b
        call = next((call for call in lacking.tape.calls if call.layer == place.layer), None)
        given = call.inputs if call is not None and place.layer else lacking.tape.outputs
        return all(number in lacking.twins for number in given if lacking.tape.telling[number])

    def _place(self, front: int) -> Difference:
        tape = self.a.tape
        around = [call for call in tape.around(front) if call.key in self.b.tape.by_key]
        for call in around:
            other = self.b.tape.by_key[call.key]
            if self._same_inputs(call, other) and not self._sound(other):
                return self._inside(call, other, front)
        holder = next((call for call in around if call.layer in self.weighted and not self._agrees(call)), None)
        anchor = holder or self._next(front)
        if anchor is None:
            return self._behind(front)
        return self._before(anchor, front, inside=holder is not None)

    def _agrees(self, call: Call) -> bool:
        return self._same_inputs(call, self.b.tape.by_key[call.key])

    # ------------------------------------------------------------------ the three relations

    def _inside(self, call: Call, other: Call, front: int) -> Difference:
        theirs = [one for one in self.b.fronts if other in self.b.tape.around(one)]
        partner = theirs[0] if theirs else next(iter(other.outputs), None)
        return self._finished("inside", call.layer, front, partner, self._pair(call.outputs, other.outputs))

    def _before(self, anchor: Call, front: int, *, inside: bool) -> Difference:
        other = self.b.tape.by_key[anchor.key]
        above = _ancestors(self.b.tape, other.inputs)
        theirs = [one for one in self.b.fronts if one in above]
        partner = self._partner(front, theirs)
        if inside and partner is None:
            return self._inside(anchor, other, front)
        compared = self._ends(None if inside else front, partner) or self._pair(anchor.inputs, other.inputs)
        return self._finished("before", anchor.layer, None if inside else front, partner, compared)

    def _behind(self, front: int) -> Difference:
        shared = {number for call in self.b.tape.calls if call.key in self.a.tape.by_key for number in call.outputs}
        theirs = [one for one in self.b.fronts if one not in shared]
        partner = self._partner(front, theirs)
        compared = self._ends(front, partner) or self._pair(self.a.tape.outputs, self.b.tape.outputs)
        return self._finished("behind", "", front, partner, compared)

    def _finished(
        self, relation: Relation, layer: str, a: int | None, b: int | None, compared: tuple[int, int] | None
    ) -> Difference:
        """With what the place was given; where only the order is another, with the operations that changed it."""
        moved = out_of_order(self.a, self.b.tape, a, self.tolerance) if a is not None else None
        turned = out_of_order(self.b, self.a.tape, b, self.tolerance) if b is not None else None
        if moved is None and turned is None:
            return Difference(relation, layer, a, b, compared, self._given(a, b))
        ways = [
            (moved, self._same_shape(self.a, self.b.tape, moved)),
            (self._same_shape(self.b, self.a.tape, turned), turned),
        ]
        if moved is not None and turned is not None and turned in self.a.twins.get(moved, ()):
            ways = [(moved, turned)]
        first, second = min(ways, key=lambda way: len(self.a.tape) if way[0] is None else way[0])
        return Difference("before", layer, first, second, self._moved(first, second), self._given(first, second), True)

    @staticmethod
    def _same_shape(judged: Judged, other: Tape, number: int | None) -> int | None:
        """A twin of a value that has its axes."""
        if number is None:
            return None
        shape = sorted(judged.tape.shapes[number])
        return next((twin for twin in judged.twins[number] if sorted(other.shapes[twin]) == shape), None)

    def _moved(self, first: int | None, second: int | None) -> tuple[int, int] | None:
        """Two values with the same elements in another order."""
        if first is None or second is None:
            return None
        if sorted(self.a.tape.shapes[first]) == sorted(self.b.tape.shapes[second]):
            return first, second
        twin = self._same_shape(self.b, self.a.tape, second)
        return (twin, second) if twin is not None else None

    # ------------------------------------------------------------------ parts

    def _same_inputs(self, call: Call, other: Call) -> bool:
        """Whether both calls were given the same, as far as it can be told."""
        mine = [number for number in call.inputs if self.a.tape.telling[number]]
        theirs = [number for number in other.inputs if self.b.tape.telling[number]]
        if not mine or not theirs:
            return not mine and not theirs
        return all(
            any(same_value(self.a.tape, i, self.b.tape, j, self.tolerance) for j in theirs) for i in mine
        ) and all(any(same_value(self.a.tape, i, self.b.tape, j, self.tolerance) for i in mine) for j in theirs)

    def _sound(self, other: Call) -> bool:
        """Whether the other side's call gives what this side has too: then the sides cut layers at other places."""
        return bool(other.outputs) and all(number in self.b.twins for number in other.outputs)

    def _next(self, front: int) -> Call | None:
        """The first layer with weights, on both sides, that is given something made from the front."""
        below = _descendants(self.a.tape, front)
        calls = [call for call in self.a.tape.calls if call.layer in self.weighted and call.key in self.b.tape.by_key]
        return next((call for call in calls if below.intersection(call.inputs)), None)

    def _partner(self, front: int, theirs: Sequence[int]) -> int | None:
        """The other side's front that belongs to this one: made from the same, of the same size, as far as can be."""
        twin_of = {twin for source in self.a.tape.sources(front) for twin in self.a.twins.get(source, ())}

        def fit(one: int) -> tuple[bool, bool]:
            shares = not twin_of.isdisjoint(self.b.tape.sources(one))
            return shares, bool(self.b.tape.sizes[one] == self.a.tape.sizes[front])

        return max(theirs, key=fit, default=None)

    def _ends(self, front: int | None, partner: int | None) -> tuple[int, int] | None:
        """What the statements give in which the fronts are, where that has one size."""
        if front is None or partner is None:
            return None
        ends = _end(self.a, front), _end(self.b, partner)
        mine, theirs = self.a.tape, self.b.tape
        same_size = mine.sizes[ends[0]] == theirs.sizes[ends[1]]
        return ends if same_size and mine.stats[ends[0]][NOT_FINITE] == theirs.stats[ends[1]][NOT_FINITE] else None

    def _pair(self, mine: Sequence[int], theirs: Sequence[int]) -> tuple[int, int] | None:
        """The first two values that should be the same and are not."""
        pairs = [(i, j) for i, j in zip(mine, theirs, strict=False) if self.a.tape.sizes[i] == self.b.tape.sizes[j]]
        wrong = [(i, j) for i, j in pairs if not same_value(self.a.tape, i, self.b.tape, j, self.tolerance)]
        return next(iter(wrong), None)

    def _given(self, a: int | None, b: int | None) -> tuple[int, int] | None:
        """A source of the place that both sides have; the other side's own source where it is one of the twins."""
        for source in self.a.tape.sources(a) if a is not None else ():
            theirs = self.a.twins.get(source, ())
            if theirs:
                near = [twin for twin in (self.b.tape.sources(b) if b is not None else ()) if twin in theirs]
                return source, (near or list(theirs))[0]
        for source in self.b.tape.sources(b) if b is not None else ():
            if self.b.twins.get(source):
                return self.b.twins[source][0], source
        return None

    def _sorted(self, places: list[Difference]) -> list[Difference]:
        """In the first side's order; what only the second side has, by what the first side has of it."""
        return sorted(places, key=lambda place: _moment(place, self.a.tape))


def _moment(place: Difference, tape: Tape) -> int:
    if place.a is not None:
        return place.a
    if place.compared is not None:
        return place.compared[0]
    return min(
        (call.outputs[0] for call in tape.calls if call.layer == place.layer and call.outputs), default=len(tape)
    )


def _identity(place: Difference) -> tuple[Relation, str, int]:
    """Fronts before one layer, or inside of one, are one place; those behind all are told apart by the first side."""
    return place.relation, place.layer, 0


def _without_shadows(places: list[Difference]) -> list[Difference]:
    """Where something before a layer differs, what is then wrong inside of it is no place of its own."""
    before = {place.layer for place in places if place.relation == "before"}
    return [place for place in places if not (place.relation == "inside" and place.layer in before)]


def _turned(place: Difference) -> Difference:
    """The same place with the sides exchanged."""
    compared = place.compared[::-1] if place.compared else None
    given = place.given[::-1] if place.given else None
    return Difference(place.relation, place.layer, place.b, place.a, compared, given, place.reordered)


def _end(judged: Judged, front: int) -> int:
    """The last value of the statement, inside of the same call, that was made from a front."""
    tape = judged.tape
    home = tape.in_call[front], tape.lines[front]
    reached, end = {front}, front
    for number in range(front + 1, len(tape)):
        if reached.intersection(tape.parents[number]):
            if (tape.in_call[number], tape.lines[number]) != home:
                continue
            reached.add(number)
            if tape.telling[number]:
                end = number
    return end


def _ancestors(tape: Tape, numbers: Sequence[int]) -> set[int]:
    found, waiting = set(numbers), list(numbers)
    while waiting:
        for parent in tape.parents[waiting.pop()]:
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def _descendants(tape: Tape, number: int) -> set[int]:
    found, waiting = {number}, [number]
    while waiting:
        for child in tape.children[waiting.pop()]:
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found

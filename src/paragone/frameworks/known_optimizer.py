"""The optimizer of a built side: its traits, and its rule with other values in its place, for an experiment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from paragone.frameworks.base import Array
from paragone.frameworks.mixed import Mixed, mixed
from paragone.meaning.optimizer import Recognised, recognise
from paragone.optimizers import optimizer_kinds
from paragone.optimizers.base import CLIPPING, OptimizerKind, OptimizerTrait
from paragone.optimizers.rule import Rule

if TYPE_CHECKING:
    from paragone.frameworks.common import SideAdapter

UNREADABLE = object()
"""In the place of a number that a side has and that cannot be told: it is no trait of the side then."""
KIND, SCHEDULE = "optimizer", "schedule"
"""Traits that are no number of the optimizer: its kind, and its learning rate step by step."""


@dataclass(frozen=True)
class Ruled:
    """A rule and all that it needs.

    Args:
        rule: of the optimizer.
        options: by the names of its traits; of the first group of parameters, where there are several.
        factor: on the learning rate that the side's own schedule gives.
        rates: the learning rate step by step; empty where the side's own stands.
        groups: the same for each group of parameters; empty where there is but one.
    """

    rule: Rule
    options: Mapping[str, Any]
    factor: float = 1.0
    rates: Sequence[float] = ()
    groups: Sequence[Ruled] = ()


class KnownOptimizer:
    """The optimizer of a side.

    Args:
        adapter: of the side, built.
    """

    def __init__(self, adapter: SideAdapter):
        self._adapter = adapter
        self._own: Recognised | None = None
        self._tried = False
        self.replaced = False

    @property
    def own(self) -> Recognised | None:
        """What an optimizer of no known class turned out to be; tried once."""
        if not self._tried:
            self._tried = True
            shown = self._adapter.moves() if self._adapter.optimizer_kind() is None else None
            self._own = recognise(*shown) if shown is not None else None
        return self._own

    @property
    def kind(self) -> OptimizerKind | None:
        """By its class, or by what it does."""
        return self._adapter.optimizer_kind() or (self.own.kind if self.own else None)

    def traits(self, line: int | None, *, float64: bool) -> list[dict[str, Any]]:
        """What the optimizer is and its traits, as plain data (see `paragone.records.Trait`)."""
        kind = self.kind
        changeable = kind is not None and kind.rule is not None and self._adapter.optimizer_is_plain()
        name = kind.name if kind else self._adapter.optimizer_classes()[0].lower()
        rows = [_row(KIND, name, "optimizer-kind", None, line, settable=changeable)]
        if kind is None:
            return rows
        return rows + self._rows(kind, line, float64=float64, idle=False, settable=changeable)

    def idle_traits(self, line: int | None, *, float64: bool) -> list[dict[str, Any]]:
        """Traits that mean nothing yet: the form of a weight decay of 0, the place of the rate in a momentum of 0.

        They do as soon as an experiment gives the side the other's weight decay or momentum.
        """
        kind = self.kind
        if kind is None or kind.rule is None or not self._adapter.optimizer_is_plain():
            return []
        return self._rows(kind, line, float64=float64, idle=True, settable=True)

    def _rows(
        self, kind: OptimizerKind, line: int | None, *, float64: bool, idle: bool, settable: bool
    ) -> list[dict[str, Any]]:
        groups = [self._values(kind, group) for group in range(len(self._adapter.optimizer_groups()))]
        values = {trait.name: self._one_or_words([each[trait.name] for each in groups]) for trait in kind.traits}
        hidden = {name for name, value in values.items() if value is UNREADABLE}
        return [
            _row(trait.name, values[trait.name], trait.trap, trait.row, line, settable=settable)
            for trait in kind.traits
            if values[trait.name] is not None
            and hidden.isdisjoint({trait.name, trait.matters_if})
            and bool(trait.matters_if and not values[trait.matters_if]) is idle
            and (float64 or not trait.only_float64)
        ]

    def _one_or_words(self, values: Sequence[Any]) -> Any:
        """The value of all groups of parameters, or the several ones in words; groups without weights do not count."""
        weights = self._adapter.optimizer_groups()
        return values[0] if len(values) == 1 else mixed(values, weights)

    def state(self) -> Iterator[tuple[str, Array]]:
        """Its running means, as `name/layer/role`; nothing of an optimizer that is none of ours."""
        kind = None if self.replaced else self._adapter.optimizer_kind()
        framework = self._adapter.framework
        for state in kind.states if kind else ():
            place = state.places.get(framework)
            if place is not None:
                factor = self._rate_factor() if framework in state.rate_inside else 1.0
                arrays = self._adapter.state_of(place)
                yield from ((f"{state.name}/{name}", array * factor) for name, array in arrays.items())

    def _rate_factor(self) -> float:
        """From a velocity that holds minus the learning rate to one that does not."""
        rate = self._adapter.learning_rate(0)
        return -1.0 / rate if rate else 1.0

    def change(self, wanted: Mapping[str, Any]) -> None:
        """Put the optimizer's rule, with other values of some traits, in its place.

        `optimizer` of another kind comes as JSON: that kind's name and all of its options.
        """
        kind = self.kind
        if kind is None or kind.rule is None:
            raise NotImplementedError("the optimizer is of no kind that is known, so it cannot be changed")
        groups = [self._ruled(kind, wanted, group) for group in range(len(self._adapter.optimizer_groups()))]
        self.replaced = True
        self._adapter.replace_optimizer(replace(groups[0], groups=groups if len(groups) > 1 else ()))

    def _ruled(self, kind: OptimizerKind, wanted: Mapping[str, Any], group: int) -> Ruled:
        """The rule of one group of parameters: what is wanted, and the rest as the group has it."""
        values = self._values(kind, group)
        own_rate, first_rate = values.get("learning_rate"), self._values(kind).get("learning_rate")
        if KIND in wanted:
            other = json.loads(str(wanted[KIND]))
            kind, values = optimizer_kinds()[other["kind"]], dict(other["options"])
        changed = {**values, **{name: value for name, value in wanted.items() if name not in {KIND, SCHEDULE}}}
        rate = changed.get("learning_rate")
        assert kind.rule is not None
        given = {name: value for name, value in changed.items() if value is not None and value is not UNREADABLE}
        share = own_rate / first_rate if own_rate and first_rate and "learning_rate" not in wanted else 1.0
        rates = tuple(share * one for one in wanted.get(SCHEDULE, ()))
        return Ruled(kind.rule, given, rate / own_rate if rate and own_rate else 1.0, rates)

    def _values(self, kind: OptimizerKind, group: int = 0) -> dict[str, Any]:
        return {trait.name: self._value(trait, group) for trait in kind.traits}

    def _value(self, trait: OptimizerTrait, group: int) -> Any:
        if self.own is not None and trait.name in self.own.options:
            return self.own.options[trait.name]
        framework = self._adapter.framework
        place = trait.places.get(framework)
        value = self._adapter.get_optimizer(place, group) if place else trait.fixed.get(framework)
        if not value and trait in CLIPPING and self._adapter.may_clip:
            return UNREADABLE
        return trait.absent if value is None else value


def _row(name: str, value: Any, trap: str, row: str | None, line: int | None, *, settable: bool) -> dict[str, Any]:
    several = isinstance(value, Mixed)
    return {
        **{"where": "optimizer", "name": name, "value": str(value) if several else value, "trap": trap, "row": row},
        **{"line": line, "settable": settable, "mixed": several},
    }

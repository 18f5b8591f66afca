"""Records of an alignment: which parameter of one side is which of another."""

from __future__ import annotations

from paragone.records.base import Record


class AlignedWeight(Record):
    """One link between two sides.

    Args:
        names: of the canonical weights that it stands for.
        a: paths of the first side's parameters, with their shapes.
        b: paths of the second side's.
        layout: what is special about how the second side holds them; empty for nothing.
        added: several parameters of one side are added up where the other side has one.
        open: the experiments could not decide between the ways that are possible.
    """

    names: tuple[str, ...]
    a: tuple[str, ...]
    b: tuple[str, ...]
    layout: str = ""
    added: bool = False
    open: bool = False


class Alignment(Record):
    """How the parameters of two sides correspond, and how that is known.

    Args:
        a: the first side.
        b: the second side.
        found: whether every parameter that matters has a partner.
        agrees: whether both sides give the same outputs with the same random weights.
        distance: how far apart their outputs are with them.
        experiments: so many pairs of forward passes were compared.
        weights: the links.
        only_a: parameters of the first side without a partner.
        only_b: parameters of the second side without a partner.
        without: traps that were suspected, and were taken out of both sides for the experiments.
        notes: what else is to be said: parameters that are never used, that are shared, that cannot correspond.
    """

    a: str
    b: str
    found: bool
    agrees: bool
    distance: float | None = None
    experiments: int = 0
    weights: tuple[AlignedWeight, ...] = ()
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

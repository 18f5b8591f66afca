"""What a profile says about the weights, and weights drawn from all that agree with it.

Numbers are taken as the centre of a Dirichlet distribution. An order is taken at its word and no further: all weights
that keep it are equally likely, and so are all weights at all where nothing was said.

An order is a list of chains, such as `a > b > c` or `d = b`: `>` weighs at least as much, `=` weighs the same.
Criteria that no chain holds against each other are not ordered. The weights that keep an order fill a polytope. Each
way to write all its groups in one line cuts a simplex out of it, whose corners are equal weights on the first one,
two, three... groups; so a line is drawn by the volume of its simplex, and a point in it by a flat Dirichlet
distribution.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from paragone.records import Weighing

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.float64]]

CONCENTRATION = 40.0
"""Sum of the Dirichlet's parameters: a weight of 0.25 lies between 0.13 and 0.39 in 95 % of the draws."""


class CyclicOrder(ValueError):
    """An order says of a criterion that it weighs more than itself."""


@dataclass(frozen=True)
class Order:
    """An order of groups of criteria; those of one group weigh the same.

    Args:
        groups: the criteria of each group.
        heavier: for each group, those that weigh at least as much, as places in `groups`.
    """

    groups: tuple[tuple[str, ...], ...]
    heavier: tuple[frozenset[int], ...] = field(default=())


def chains(text: str) -> list[list[str]]:
    """`a > b = c` as groups of names, the heaviest first."""
    return [[name.strip() for name in group.split("=")] for group in text.split(">")]


def named_in(order: Sequence[str]) -> tuple[str, ...]:
    """Every name in an order, in the order of reading."""
    return tuple(dict.fromkeys(name for text in order for group in chains(text) for name in group))


def ordered(order: Sequence[str]) -> Order:
    """The order that chains say together.

    Raises:
        CyclicOrder: they contradict each other.
    """
    names = named_in(order)
    read = [chains(text) for text in order]
    group_of = {name: name for name in names}
    for group in (group for chain in read for group in chain):
        joined = {group_of[name] for name in group}
        group_of.update({name: group_of[group[0]] for name in names if group_of[name] in joined})
    heads = list(dict.fromkeys(group_of.values()))
    above: dict[str, set[str]] = {head: set() for head in heads}
    for chain in read:
        for upper, lower in pairwise(chain):
            above[group_of[lower[0]]].add(group_of[upper[0]])
    _check(above)
    groups = tuple(tuple(name for name in names if group_of[name] == head) for head in heads)
    return Order(groups, tuple(frozenset(heads.index(one) for one in above[head]) for head in heads))


def _check(above: dict[str, set[str]]) -> None:
    own = next((head for head, upper in above.items() if head in upper), None)
    if own is not None:
        raise CyclicOrder(f"{own} > {own}")
    try:
        TopologicalSorter(above).prepare()
    except CycleError as error:
        raise CyclicOrder(" > ".join(error.args[1])) from None


def stream(*names: object) -> np.random.Generator:
    """Random numbers of their own for these names."""
    import numpy as np

    digest = hashlib.sha256("\0".join(map(str, names)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def drawn(weighing: Weighing, seed: int, draws: int) -> tuple[tuple[str, ...], Numbers]:
    """The criteria, and weights of them: (draws, criteria), each row summing to 1."""
    import numpy as np

    random = stream(seed, "weights")
    if weighing.kind != "weights":
        order = ordered(weighing.order)
        names = tuple(name for group in order.groups for name in group)
        return names, _of_an_order(order, random, draws)
    total = sum(weighing.weights.values())
    names = tuple(name for name, weight in weighing.weights.items() if weight > 0)
    centre = np.array([weighing.weights[name] / total for name in names])
    return names, random.dirichlet((weighing.concentration or CONCENTRATION) * centre, size=draws)


def centre(weighing: Weighing, names: Sequence[str], weights: Numbers) -> dict[str, float]:
    """The mean weight of each criterion: as it was said, or of the draws."""
    total = sum(weighing.weights.values())
    if weighing.kind == "weights":
        return {name: weighing.weights[name] / total for name in names}
    return dict(zip(names, map(float, weights.mean(axis=0)), strict=True))


def _of_an_order(order: Order, random: np.random.Generator, draws: int) -> Numbers:
    import numpy as np

    sizes = np.array([len(group) for group in order.groups])
    if any(order.heavier):
        lines = _lines(order, sizes, random, draws)
        corners = random.dirichlet(np.ones(len(sizes)), size=draws)
        filled = np.cumsum(sizes[lines], axis=1)
        # A group has its share of every corner from its own place in the line on.
        shares = np.cumsum((corners / filled)[:, ::-1], axis=1)[:, ::-1]
        groups = np.empty_like(shares)
        np.put_along_axis(groups, lines, shares, axis=1)
    else:
        groups = random.dirichlet(np.ones(len(sizes)), size=draws) / sizes
    return np.repeat(groups, sizes, axis=1)


def _lines(order: Order, sizes: Numbers, random: np.random.Generator, draws: int) -> Any:
    """Lines of all groups that keep the order, each as often as its simplex is large: (draws, groups)."""
    import numpy as np

    above = [sum(1 << one for one in heavier) for heavier in order.heavier]
    every = (1 << len(sizes)) - 1
    volumes = _volumes(above, [int(size) for size in sizes], every)
    lines = np.empty((draws, len(sizes)), dtype=int)
    taken = np.zeros(draws, dtype=int)
    for place in range(len(sizes)):
        for state in np.unique(taken):
            rows = np.flatnonzero(taken == state)
            after = [(one, volumes[state | 1 << one]) for one in _next(above, int(state))]
            shares = np.array([volume for _, volume in after])
            chosen = random.choice([one for one, _ in after], size=len(rows), p=shares / shares.sum())
            lines[rows, place] = chosen
        taken |= 1 << lines[:, place]
    return lines


def _volumes(above: Sequence[int], sizes: Sequence[int], every: int) -> dict[int, float]:
    """For each set of groups that a line may begin with, the volume of all lines that begin with it."""
    begun = {0}
    layers = [begun]
    for _ in sizes:
        begun = {state | 1 << one for state in begun for one in _next(above, state)}
        layers.append(begun)
    volumes = {every: 1.0 / sum(sizes)}
    for state in (state for layer in reversed(layers[:-1]) for state in layer):
        filled = sum(size for one, size in enumerate(sizes) if state >> one & 1)
        volumes[state] = sum(volumes[state | 1 << one] for one in _next(above, state)) / (filled or 1)
    return volumes


def _next(above: Sequence[int], state: int) -> list[int]:
    """The groups that may come next after those in `state`."""
    return [one for one, heavier in enumerate(above) if not state >> one & 1 and heavier & state == heavier]

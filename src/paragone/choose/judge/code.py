"""Findings from the code of the sides: how long it is, and whether the forward pass is written out in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache, partial

from paragone.choose.criteria.conciseness import tokens
from paragone.choose.evidence import Evidence
from paragone.choose.judge.pairs import TENSORFLOW, TITLES, TORCH, Seen, asked, pairs, versions, where, written_to_match
from paragone.choose.judge.ratios import Rule
from paragone.records import Interval, Side
from paragone.records.claim import ClaimEffect, Finding, Printed
from paragone.report.figures import number

SPREAD = 1.10**2
"""Of a ratio of two counts, where either may be a tenth larger or smaller: another person would write it otherwise."""
FORWARD = {TENSORFLOW: "call", TORCH: "forward"}
"""The method in which a class writes the forward pass out:
https://keras.io/guides/making_new_layers_and_models_via_subclassing,
https://docs.pytorch.org/docs/2.13/generated/torch.nn.Module.html."""


def lengths(evidence: Evidence, rule: Rule, *, proxy: bool = False) -> tuple[Finding, ...]:
    """Tokens, TensorFlow over PyTorch: a finding for each pair of sides that people wrote, or that are plain.

    Sides that were written to match each other to the last epsilon are left out: they are longer than a person's.
    """
    return asked(evidence, partial(_lengths, rule=rule, proxy=proxy))


def _lengths(one: Seen, rule: Rule, proxy: bool) -> Iterator[Finding]:
    if written_to_match(one):
        return
    for a, b in pairs(one.run):
        counts = [_tokens(side.code) for side in (a, b)]
        if a.sha256 == b.sha256 or not all(counts):
            continue
        ratio = counts[0] / counts[1]
        places = tuple(f"sides[{one.run.sides.index(side)}].code" for side in (a, b))
        scales = (1.0, 1 / SPREAD, SPREAD)
        ends = [number(ratio * scale, keep=True) for scale in scales]
        yield Finding(
            asks="how long the sides are, in tokens without comments",
            answer=rule(ratio / SPREAD, ratio * SPREAD),
            text=f"the side in {TITLES[TENSORFLOW]} has {counts[0]} tokens and that in {TITLES[TORCH]} {counts[1]}, "
            f"{ends[0]} times as many ({ends[1]} to {ends[2]}, as people write) {where(one)}",
            evidence=(one.id,),
            printed=(
                *(_count(one, place, count) for place, count in zip(places, counts, strict=True)),
                *(
                    Printed(text=end, evidence=one.id, places=places, how="tokens divided", scale=scale)
                    for end, scale in zip(ends, scales, strict=True)
                ),
            ),
            effect=ClaimEffect(
                what=f"tokens, {TITLES[TENSORFLOW]} over {TITLES[TORCH]}",
                unit="×",
                value=Interval(mid=ratio, low=ratio / SPREAD, high=ratio * SPREAD),
            ),
            section="sides",
            proxy=proxy,
        )


@lru_cache
def _tokens(code: str) -> int:
    """Tokens of a side's code; 0 where it is no Python."""
    try:
        ast.parse(code)
        return tokens(code)
    except (SyntaxError, ValueError):
        return 0


def _count(one: Seen, place: str, count: int) -> Printed:
    return Printed(text=str(count), evidence=one.id, places=(place,), how="tokens")


def written_out(evidence: Evidence) -> tuple[Finding, ...]:
    """A finding for each pair: for, where only PyTorch's side writes its forward pass out; else against."""
    return asked(evidence, _written_out)


def _written_out(one: Seen) -> Iterator[Finding]:
    for a, b in pairs(one.run):
        ours, theirs = (_writes(side) for side in (a, b))
        says = {True: "writes its forward pass out", False: "strings layers together"}
        yield Finding(
            asks="whose side writes its forward pass out, in a method of its own",
            answer="for" if theirs and not ours else "against",
            text=f"the side in {TITLES[TORCH]} {says[theirs]}, that in {TITLES[TENSORFLOW]} {says[ours]} {where(one)}",
            evidence=(one.id,),
            section="sides",
            rests_on=versions(a, b),
        )


def _writes(side: Side) -> bool:
    try:
        tree = ast.parse(side.code)
    except (SyntaxError, ValueError):
        return False
    methods = [
        item.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, ast.FunctionDef)
    ]
    return FORWARD[side.framework] in methods

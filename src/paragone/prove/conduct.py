"""One proof from the sides' files to its record: of a run, of kept experiments, or of a folder proven again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from paragone.errors import ParagoneError
from paragone.inspect_sides import Inspected, inspect_sides
from paragone.options import CompareOptions
from paragone.prove.align.mapping import read_mapping
from paragone.prove.align.said import with_alignments
from paragone.prove.equivalence import margins
from paragone.prove.given_weights import GivenWeights
from paragone.prove.laboratory import Laboratory, Weights
from paragone.prove.plan import ProofPlan, plan_proof
from paragone.prove.stage import Proving
from paragone.prove.tolerances import FLOOR_RUNS
from paragone.records import Proof
from paragone.sides.scan import SideFile


@dataclass(frozen=True)
class Conducted:
    """A finished proof.

    Args:
        inspected: the sides that were built.
        plan: lengths and seeds.
        proof: the record.
        failures: why sides failed during the proof, by side.
        starts: the weights that all sides of a group started from, for each group, the largest group first.
    """

    inspected: Inspected
    plan: ProofPlan
    proof: Proof
    failures: Mapping[str, ParagoneError]
    starts: tuple[Weights, ...]


def conduct(
    lab: Laboratory,
    sides: Sequence[SideFile],
    options: CompareOptions,
    after_build: Callable[[Inspected], None] = lambda _: None,
    weights: GivenWeights | None = None,
) -> Conducted:
    """Build the sides, climb the ladder, find the causes.

    Args:
        lab: runs the experiments, or finds them.
        sides: the sides' files.
        options: what was asked for.
        after_build: told what came of building the sides.
        weights: that all sides start from; None means a draw of the first side.

    Raises:
        InputError: a side cannot be used, or there are too few.
    """
    given = read_mapping(options.mapping, [side.name for side in sides]) if options.mapping else None
    inspected = inspect_sides(sides, lab, options.seed, options.scope.dtypes, given, timed=options.scope.long)
    after_build(inspected)
    scope = replace(options.scope, dtypes=inspected.dtypes)
    plan = plan_proof(inspected.subjects, options.steps, options.seed, FLOOR_RUNS, scope)
    plan = replace(plan, margins=margins(options.margins))
    proving = Proving(inspected.subjects, lab, plan, weights)
    by_size = sorted(proving.groups, key=lambda group: -len(group.subjects))
    proof = with_alignments(proving.prove(), inspected.alignments, mapping=bool(inspected.mapping))
    starts = tuple(dict(group.start) for group in by_size if group.start)
    return Conducted(inspected, plan, proof, proving.failures, starts)

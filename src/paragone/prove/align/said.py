"""What a proof says of the alignment of its sides."""

from __future__ import annotations

from collections.abc import Sequence

from paragone.prove.align.mapping import MAPPING
from paragone.records import Alignment, Pair, Proof, SameVerdict

_ADDED = (
    "row H4: one of them adds up two biases where the other has one; each of the two takes the step that the one "
    "takes, so their sum moves twice as far"
)


def with_alignments(proof: Proof, alignments: Sequence[Alignment], *, mapping: bool) -> Proof:
    """The proof with its alignments; a pair whose alignment is a guess says so.

    Args:
        proof: of the sides as they were aligned.
        alignments: of the pairs that were looked at.
        mapping: whether a mapping file was written.
    """
    pairs = tuple(_said(pair, alignments, mapping=mapping) for pair in proof.pairs)
    notes = [line for one in alignments for line in (*one.notes, *_shown(one))]
    return proof.model_copy(
        update={
            "verdict": _verdict(proof, pairs),
            "pairs": pairs,
            "alignments": tuple(alignments),
            "notes": (*proof.notes, *dict.fromkeys(notes)),
        }
    )


def _said(pair: Pair, alignments: Sequence[Alignment], *, mapping: bool) -> Pair:
    """A pair that differs, and whose alignment was not shown: the difference may be that of a wrong alignment."""
    if pair.verdict == "same":
        return pair
    added = [
        one for one in alignments if {one.a, one.b} == {pair.a, pair.b} and any(weight.added for weight in one.weights)
    ]
    if added and pair.unexplained:
        pair = pair.model_copy(update={"unexplained": f"{pair.unexplained}; {_ADDED}"})
    doubts = [one for one in alignments if not one.agrees and {one.a, one.b} & {pair.a, pair.b}]
    if not doubts:
        return pair
    one = next((one for one in doubts if {one.a, one.b} == {pair.a, pair.b}), doubts[0])
    more = f"; {MAPPING} in the run's folder takes what you know of it (--map)" if mapping else ""
    text = f"{pair.unexplained}; {_doubt(one)}{more}" if pair.unexplained else f"{_doubt(one)}{more}"
    return pair.model_copy(update={"unexplained": text, "verdict": _judged(pair, one)})


def _judged(pair: Pair, one: Alignment) -> SameVerdict:
    """A difference that a wrong alignment may have made is undecided; one side with more parameters is different."""
    if bool(one.only_a) != bool(one.only_b) and (not one.found or pair.verdict == "different"):
        return "different"
    if one.found and any(weight.open for weight in one.weights):
        return "undecided"
    return pair.verdict


def _doubt(one: Alignment) -> str:
    if not one.found:
        rows = [(one.a, one.only_a), (one.b, one.only_b)]
        alone = "; ".join(f"{name}: {', '.join(paths)}" for name, paths in rows if paths)
        return f"parameters without a counterpart in {alone}"
    distance = f", {one.distance:.2g} apart" if one.distance is not None else ""
    open_ = [name for weight in one.weights if weight.open for name in weight.names]
    which = f"; the experiments could not tell how {', '.join(open_[:4])} correspond" if open_ else ""
    return (
        f"which parameters correspond is a best guess, since with no alignment do the outputs of {one.a} and {one.b} "
        f"agree{distance}{which}"
    )


def _shown(one: Alignment) -> list[str]:
    """How it is known, in a line."""
    if not one.agrees:
        return []
    n = sum(len(weight.names) for weight in one.weights)
    special = sum(bool(weight.layout) for weight in one.weights)
    how = f", {special} of them in another layout" if special else ""
    without = f", and without what is suspected ({', '.join(one.without)})," if one.without else ""
    return [
        f"{n} weights of {one.a} and {one.b} were aligned by structure and shape{how}; with the same random weights"
        f"{without} the outputs are {one.distance:.1g} apart ({one.experiments} experiments)"
    ]


def _verdict(proof: Proof, pairs: Sequence[Pair]) -> SameVerdict:
    """As its worst pair; a proof that was not run stays so."""
    if proof.verdict == "not run":
        return proof.verdict
    verdicts = {pair.verdict for pair in pairs}
    return "different" if "different" in verdicts else "undecided" if "undecided" in verdicts else "same"

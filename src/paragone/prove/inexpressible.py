"""Pairs that cannot be made the same because one framework cannot say what the other does: named, not guessed at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from paragone.prove.subject import Subject
from paragone.prove.tolerances import TOLERANCES
from paragone.records import Pair, Rung

MASKS, MASK_TRAP = "masks_zero", "embedding-mask"
"""The trait of an embedding, and the trap that a difference in it is."""
Layers = list[dict[str, Any]]


def with_refusals(pairs: Sequence[Pair], subjects: Sequence[Subject]) -> list[Pair]:
    """The pairs; one that is not the same says what of it cannot be expressed."""
    by_name = {subject.name: subject for subject in subjects}
    return [
        pair
        if pair.verdict == "same"
        else _refused(pair, [*_refusals(by_name[pair.a], by_name[pair.b], pair), *_by_padding(pair)])
        for pair in pairs
    ]


def refusals(a: Subject, b: Subject) -> Iterator[str]:
    """What one of two sides does that the other's framework has no layer for, in words."""
    for one, other in ((a, b), (b, a)):
        for rule in _RULES:
            text = rule(one, other)
            if text:
                yield text


def _refusals(a: Subject, b: Subject, pair: Pair) -> Iterator[str]:
    """Those of a pair; a mask that was taken out by an intervention is a cause, and explains itself."""
    named = not pair.unexplained and any(cause.trap == MASK_TRAP for cause in pair.causes)
    return (text for text in refusals(a, b) if not (named and text in _masks_of(a, b)))


def _masks_of(a: Subject, b: Subject) -> tuple[str, str]:
    return _carried_mask(a, b), _carried_mask(b, a)


def _refused(pair: Pair, texts: Sequence[str]) -> Pair:
    if not texts:
        return pair
    return pair.model_copy(update={"unexplained": "; ".join(filter(None, [pair.unexplained, *texts]))})


def _recurrent_bias(one: Subject, other: Subject) -> str:
    """Row H3: `r · (h · kernel + bias)` needs a bias that `nnx.GRUCell` does not have."""
    biased = [row["name"] for row in _layers(one) if _has_recurrent_bias(row)]
    cells = [row["name"] for row in _layers(other) if other.framework == "jax" and row["spelled"] == "GRUCell"]
    if not biased or not cells:
        return ""
    return (
        f"cannot be expressed: {one.name} has a recurrent bias inside of the reset gate ({', '.join(biased)}), and "
        f"nnx.GRUCell in {other.name} has none (row H3; flax/nnx/nn/recurrent.py, Flax 0.12), so a trained GRU of "
        f"{one.name} cannot be taken over unless that bias is zero; write a cell with it in {other.name}"
    )


def _has_recurrent_bias(row: dict[str, Any]) -> bool:
    """PyTorch keeps it as `bias_hh`; Keras, with `reset_after`, as the second row of a bias of two rows."""
    if "GRU" not in row["spelled"]:
        return False
    roles = row["parameters"]
    keras = any(len(shape) == 2 and shape[0] == 2 and "bias" in role for role, shape in roles.items())
    return keras or any("bias_hh" in role or role == "recurrent_bias" for role in roles)


def _carried_mask(one: Subject, other: Subject) -> str:
    """Rows H6 and H8: only Keras has a mask that goes along with a tensor."""
    masking = [row["name"] for row in _layers(one) if row.get("masks")]
    by_hand = any(trait.name == MASKS and trait.value for trait in other.traits)
    if not masking or by_hand or other.framework == one.framework:
        return ""
    return (
        f"cannot be expressed: {', '.join(masking)} in {one.name} masks token 0, and Keras carries the mask on "
        "(recurrent layers keep their state over masked steps, losses and averages leave them out); a tensor of "
        f"{other.name} has no mask (rows H6, H8), so where the data holds token 0 the mask must be written out there"
    )


def _by_padding(pair: Pair) -> Iterator[str]:
    """Rows H6 and H8: sides that part only where a sequence holds 0, and of which no trait says why."""
    forward = next((one for one in pair.rungs if one.name == "forward" and one.dtype == pair.deciding), None)
    limit = TOLERANCES["forward"]
    if not pair.unexplained or forward is None or forward.verdict == "same" or pair.deciding != "float64":
        return
    with_it, without = (_farthest(forward, f"forward_{name}/") for name in ("padded", "unpadded"))
    if with_it is not None and without is not None and without <= limit < with_it:
        yield (
            f"the sides agree on sequences without the token 0 ({without:.2g} apart) and part where there is one "
            f"({with_it:.2g} apart): one side masks it as padding and the other does not, or takes another step for "
            "the last valid one (rows H6, H8); nothing was found here that can be made to do as the other side does"
        )


def _farthest(rung: Rung, prefix: str) -> float | None:
    return max((one.max_rel for one in rung.distances if one.tensor.startswith(prefix)), default=None)


def _layers(subject: Subject) -> Layers:
    return list(subject.said.get("layers", ()))


_RULES: tuple[Callable[[Subject, Subject], str], ...] = (_recurrent_bias, _carried_mask)

"""What cannot be expressed in another framework is named, for pairs that are not the same."""

from __future__ import annotations

from typing import Any

from paragone.prove.inexpressible import refusals, with_refusals
from paragone.records import Distance, Pair, Rung

from .subjects import make_subject


def layer(spelled: str, parameters: dict[str, list[int]], **more: Any) -> dict[str, Any]:
    return {"name": f"{spelled.lower()}_1", "spelled": spelled, "parameters": parameters, **more}


TORCH_GRU = layer("GRU", {"weight_ih_l0": [12, 3], "bias_ih_l0": [12], "bias_hh_l0": [12]})
KERAS_GRU = layer("GRU", {"kernel": [3, 12], "recurrent_kernel": [4, 12], "bias": [2, 12]})
FIRST_FORM = layer("GRU", {"kernel": [3, 12], "recurrent_kernel": [4, 12], "bias": [12]})
FLAX_CELL = layer("GRUCell", {"dense_i": [3, 12]})
EMBEDDING = layer("Embedding", {"table": [9, 4]})
MASKING = layer("Embedding", {"table": [9, 4]}, masks=True)


def test_a_recurrent_bias_has_no_place_in_the_cell_of_flax() -> None:
    flax = make_subject("jax", layers=[FLAX_CELL])
    for name, gru in (("torch", TORCH_GRU), ("tensorflow", KERAS_GRU)):
        side = make_subject(name, layers=[gru])
        for pair in ((side, flax), (flax, side)):
            (text,) = refusals(*pair)
            assert text.startswith("cannot be expressed: ")
            assert "row H3" in text
            assert gru["name"] in text
    assert not list(refusals(make_subject("tensorflow", layers=[FIRST_FORM]), flax))
    assert not list(refusals(make_subject("torch", layers=[TORCH_GRU]), make_subject("tensorflow", layers=[KERAS_GRU])))


def test_a_mask_that_goes_along_is_named_where_the_other_framework_has_none() -> None:
    keras, torch = make_subject("tensorflow", layers=[MASKING]), make_subject("torch", layers=[EMBEDDING])
    (text,) = refusals(keras, torch)
    assert "masks token 0" in text
    assert not list(refusals(make_subject("tensorflow", layers=[EMBEDDING]), torch))
    assert not list(refusals(keras, make_subject("tensorflow", layers=[EMBEDDING])))


def test_only_a_pair_that_is_not_the_same_says_so() -> None:
    sides = [make_subject("tensorflow", layers=[MASKING]), make_subject("torch", layers=[EMBEDDING])]
    same = Pair(a="tensorflow", b="torch", verdict="same", rungs=())
    different = Pair(a="tensorflow", b="torch", verdict="different", rungs=(), unexplained="different at forward")
    assert with_refusals([same], sides) == [same]
    (found,) = with_refusals([different], sides)
    assert found.unexplained.startswith("different at forward; cannot be expressed: ")


def forward(padded: float, unpadded: float) -> Rung:
    distances = tuple(
        Distance(tensor=f"forward{name}/0", max_rel=distance)
        for name, distance in (("", padded), ("_padded", padded), ("_unpadded", unpadded))
    )
    return Rung(name="forward", dtype="float64", verdict="different", max_rel=padded, distances=distances)


def test_sides_that_part_only_where_a_sequence_holds_padding_are_told_so() -> None:
    sides = [make_subject("jax", layers=[EMBEDDING]), make_subject("torch", layers=[EMBEDDING])]
    rows = {(0.5, 1e-16): True, (0.5, 0.4): False}
    for (padded, unpadded), told in rows.items():
        pair = Pair(a="jax", b="torch", verdict="different", rungs=(forward(padded, unpadded),), unexplained="unknown")
        (found,) = with_refusals([pair], sides)
        assert ("the sides agree on sequences without the token 0" in found.unexplained) is told
        assert found.unexplained.startswith("unknown")
    explained = Pair(a="jax", b="torch", verdict="different", rungs=(forward(0.5, 1e-16),))
    assert with_refusals([explained], sides) == [explained], "a cause says it already"

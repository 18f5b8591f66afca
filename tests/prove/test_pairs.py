"""Every pair of sides in `tests/sides/pairs` comes out as its `expect.toml` says."""

from __future__ import annotations

from pathlib import Path

import pytest

from paragone.records import Proof

from .harness import PAIRS, STEPS, data_source, expectation, first_failing, prove_files

NAMES = sorted(path.parent.name for path in PAIRS.glob("*/expect.toml"))
FEWER = {
    "regression_mse": ["torch_side.py", "jax_side.py"],
    "layer_norm_gelu": ["keras_side.py", "jax_side.py"],
}
"""Pairs in which a third side shows nothing that another pair does not show."""
SHORTER = {
    **{"cnn_batch_norm": 4, "layer_norm_gelu": 6, "softmax_in_flax": 6},
    **dict.fromkeys(("both_ways_flax", "both_ways_gru", "both_ways_lstm", "both_ways_same"), 4),
}
"""Training steps of sides that are slow."""


def proven(name: str, folder: Path) -> Proof:
    files = FEWER.get(name, expectation(name)["files"])
    data, steps = data_source(expectation(name)["data"]), SHORTER.get(name, STEPS)
    return prove_files([PAIRS / name / file for file in files], data, folder, steps=steps)


@pytest.mark.parametrize("name", NAMES)
def test_a_pair_is_what_it_is_expected_to_be(name: str, tmp_path: Path) -> None:
    expect, proof = expectation(name), proven(name, tmp_path)
    causes = {cause.trap for pair in proof.pairs for cause in pair.causes}
    assert proof.verdict == expect["verdict"]
    assert set(expect["causes"]) <= causes
    assert not set(expect["not_causes"]) & causes
    if "corrected" in expect:
        assert {pair.verdict for pair in proof.corrected} == {expect["corrected"]}
        assert any(pair.unexplained for pair in proof.pairs) == (expect["corrected"] != "same")
    if "first_fails" in expect:
        assert first_failing(proof.pairs[0]) == expect["first_fails"]
    if "first_fails" in expect and expect.get("corrected") != "same":
        assert proof.pairs[0].unexplained.startswith(f"different, cause unknown, first at {expect['first_fails']}:")
    for cause in (cause for pair in proof.pairs for cause in pair.causes):
        assert cause.explains.present > cause.explains.removed
        assert cause.fix is not None
        assert cause.effect is not None
        assert cause.source


def test_the_same_proof_again_gives_the_same_record(tmp_path: Path) -> None:
    for name in ("first", "again"):
        (tmp_path / name).mkdir()
    first, again = (proven("summed_loss", tmp_path / name) for name in ("first", "again"))
    assert first.model_dump_json() == again.model_dump_json()

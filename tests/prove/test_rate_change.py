"""The rung that warns: at one learning rate Keras' and PyTorch's momentum are one training, and the trap is named."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from paragone.prove.pairs import apart, asked, pair_verdict
from paragone.prove.scope import Scope
from paragone.records import Pair, Proof, Rung

from .harness import prove_files

SCOPE = Scope(("forward", "loss", "gradients", "step", "trajectory", "rate-change"), dtypes=("float64",), worth=False)
KERAS = """
import keras

model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="tanh"), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.5), loss="mse")
"""
TORCH = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.5)
"""


def proven(folder: Path) -> Proof:
    dice = np.random.default_rng(0)
    x = dice.normal(size=(60, 4)).astype(np.float32)
    np.savez(folder / "data.npz", x=x, y=np.tanh(x[:, :1]))
    for name, text in (("keras_side.py", KERAS), ("torch_side.py", TORCH)):
        (folder / name).write_text(text, encoding="utf-8")
    files = [folder / "keras_side.py", folder / "torch_side.py"]
    return prove_files(files, str(folder / "data.npz"), folder, steps=6, scope=SCOPE)


def test_the_place_of_the_rate_is_named_and_does_not_decide(tmp_path: Path) -> None:
    proof = proven(tmp_path)
    (pair,), (corrected,) = proof.pairs, proof.corrected
    rungs = {rung.name: rung for rung in pair.rungs}
    assert pair.verdict == proof.verdict == "same"
    assert rungs["trajectory"].verdict == "same"
    assert rungs["rate-change"].verdict == "different"
    assert rungs["rate-change"].ignored
    assert "as soon as it changes" in rungs["rate-change"].detail
    assert [(cause.trap, cause.row, cause.explains.rung) for cause in pair.causes] == [
        ("momentum-rate-place", "E7", "rate-change")
    ]
    assert {rung.name: rung for rung in corrected.rungs}["rate-change"].verdict == "same"
    assert pair.located is None
    assert pair.unexplained == ""


def rate_change(verdict: str) -> Rung:
    return Rung.model_validate({"name": "rate-change", "dtype": "float64", "verdict": verdict})


def test_causes_are_looked_for_where_only_the_warning_differs_unless_it_is_ignored() -> None:
    for verdict, looked_for in (("different", True), ("same", False), ("not run", False)):
        found = asked([Rung(name="forward", dtype="float64", verdict="same"), rate_change(verdict)], SCOPE)
        pairs = [Pair(a="a", b="b", verdict=pair_verdict(found), rungs=found)]
        assert pairs[0].verdict == "same"
        assert apart(pairs, SCOPE) is looked_for
        assert not apart(pairs, Scope(SCOPE.rungs, ("float64",), ("rate-change",), worth=False))


def test_another_rung_decides_as_ever() -> None:
    found = asked([Rung(name="step", dtype="float64", verdict="different"), rate_change("different")], SCOPE)
    assert pair_verdict(found) == "different"

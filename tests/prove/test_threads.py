"""No verdict depends on the number of threads."""

from __future__ import annotations

import math
from pathlib import Path

from paragone.prove.scope import Scope
from paragone.records import Proof

from .harness import PAIRS, prove_files

SIDE = PAIRS / "cnn_batch_norm" / "torch_side.py"
SCOPE = Scope(("structure", "forward", "loss", "gradients", "step"), dtypes=("float64",), worth=False)


def proven(folder: Path, threads: int) -> Proof:
    folder.mkdir()
    text = SIDE.read_text(encoding="utf-8")
    changed = folder / "changed_side.py"
    changed.write_text(text.replace("BatchNorm2d(", "BatchNorm2d(eps=1e-4, num_features="), encoding="utf-8")
    return prove_files([SIDE, changed], "digits", folder, steps=4, scope=SCOPE, threads=threads)


def test_one_thread_and_two_give_the_same_verdicts_and_distances_of_the_same_size(tmp_path: Path) -> None:
    one, two = (proven(tmp_path / str(threads), threads) for threads in (1, 2))
    assert [cause.trap for cause in one.pairs[0].causes] == ["batch-norm-epsilon"]
    for first, second in zip((*one.pairs, *one.corrected), (*two.pairs, *two.corrected), strict=True):
        assert [cause.trap for cause in first.causes] == [cause.trap for cause in second.causes]
        for a, b in zip(first.rungs, second.rungs, strict=True):
            assert (a.name, a.verdict) == (b.name, b.verdict)
            if a.verdict == "different" and a.max_rel and b.max_rel:
                assert abs(math.log10(a.max_rel / b.max_rel)) < 0.5

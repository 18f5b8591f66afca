"""TrapBench: planters change what they say, proofs of some variants are judged as they should, the sums are right."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from benchmarks.trapbench.clean import styled
from benchmarks.trapbench.detectors import DETECTORS, seen
from benchmarks.trapbench.edits import argument, made_by, text, used
from benchmarks.trapbench.ledger import Ledger
from benchmarks.trapbench.page import page
from benchmarks.trapbench.run import job_of, job_of_clean, run
from benchmarks.trapbench.score import detector_rows, judge, layer_names, share
from benchmarks.trapbench.traps import BEYOND, traps
from benchmarks.trapbench.variants import Variant, planted

from paragone.catalogue import catalogue
from paragone.prove.traps import TRAPS
from paragone.records import Cause, Explains, Located, Pair, Place, Rung

TORCH = """class Net(nn.Module):
    def __init__(self):
        self.norm = nn.LayerNorm(
            8, eps=1e-5
        )  # B9
        self.read = nn.RNN(nn.Linear(3, 4), bias=True)

    def forward(self, x):
        x = F.gelu(self.norm(x))
        return self.read(x)
"""


def test_an_edit_changes_the_call_that_makes_the_layer_and_nothing_else() -> None:
    assert argument("eps", None)(TORCH, "norm") == TORCH.replace("(\n            8, eps=1e-5\n        )", "(8)")
    assert argument("eps", "0.1")(TORCH, "norm") == TORCH.replace(
        "(\n            8, eps=1e-5\n        )", "(8, eps=0.1)"
    )
    assert made_by("nn.GroupNorm", "nn.LayerNorm")(TORCH, "norm") is not None
    assert used(r"F\.gelu\(", "F.relu(")(TORCH, "norm") == TORCH.replace("F.gelu(", "F.relu(")
    assert text("bias=True", "bias=False")(TORCH, "") == TORCH.replace("bias=True", "bias=False")


def test_an_edit_says_where_there_is_no_place_for_it() -> None:
    assert argument("eps", "0.1")(TORCH, "other") is None
    assert argument("momentum", None)(TORCH, "norm") is None
    assert made_by("nn.GroupNorm", "nn.BatchNorm1d")(TORCH, "norm") is None
    assert used("F.tanh", "F.relu")(TORCH, "norm") is None
    assert text("absent", "")(TORCH, "") is None


def test_planters_are_of_the_catalogue_and_of_all_its_groups_and_name_causes_that_exist() -> None:
    rows = {trap.row for trap in traps()}
    assert {row for row in rows if row[0] != BEYOND} <= set(catalogue())
    assert {row[0] for row in rows} == set("ABCDEFGHI" + BEYOND)
    assert BEYOND not in {row[0] for row in catalogue()}
    assert {slug for trap in traps() for slug in trap.causes} <= set(TRAPS)
    assert sum(len(trap.hosts) for trap in traps()) >= 120


def _pair(trap: str = "", layer: str = "", verdict: str = "different") -> Pair:
    explains = Explains(rung="step", dtype="float64", present=1.0, removed=0.0, factor=1.0)
    cause = Cause(trap=trap, row=None, title="", side="b", where="", a="", b="", explains=explains)
    place = Place(side="b", file="b.py")
    return Pair(
        a="a",
        b="b",
        verdict=verdict,  # type: ignore[arg-type]
        rungs=(Rung(name="step", dtype="float64", verdict=verdict),),  # type: ignore[arg-type]
        causes=(cause,) if trap else (),
        located=Located(rung="step", layer=layer, a=place, b=place) if layer else None,
    )


def test_a_proof_is_right_only_with_the_right_cause_first_and_the_right_layer() -> None:
    names = {"norm": "batch_norm_1"}
    good = judge(_pair("batch-norm-momentum", "batch_norm_1"), ("batch-norm-momentum",), ("norm",), names)
    assert good == {"different": True, "layer": True, "cause": True, "all": True}
    other = judge(_pair("learning-rate", "dense_1"), ("batch-norm-momentum",), ("norm",), names)
    assert other == {"different": True, "layer": False, "cause": False, "all": False}
    unnamed = judge(_pair("", "batch_norm_1"), (), ("norm",), names)
    assert unnamed["cause"] is False and unnamed["layer"] is True
    assert judge(None, ("learning-rate",), (), {}) == {"different": False, "layer": None, "cause": False, "all": False}
    assert judge(_pair(verdict="same"), ("learning-rate",), (), {})["different"] is False


def test_the_names_of_layers_are_found_by_their_lines() -> None:
    assert layer_names(TORCH, ["norm", "read", "absent"], {3: "layer_norm_1", 6: "rnn_1"}) == {
        "norm": "layer_norm_1",
        "read": "rnn_1",
    }


def _trace(**arrays: Any) -> Any:
    return SimpleNamespace(arrays={name.replace("__", "/"): np.array(array) for name, array in arrays.items()})


def test_a_detector_sees_what_it_looks_at_and_a_blind_one_scores_low() -> None:
    clean = _trace(forward__0=[1.0, 2.0], curve=[1.0, 0.9], weights__10__w=[3.0])
    slow = _trace(forward__0=[1.0, 2.0], curve=[1.0, 0.901], weights__10__w=[3.1])
    other = _trace(forward__0=[1.1, 2.0], curve=[2.0, 0.9], weights__10__w=[3.1])
    assert list(seen((clean, clean), 10).values()) == [False] * 4
    assert list(seen((clean, slow), 10).values()) == [False, False, True, True]
    assert list(seen((clean, other), 10).values()) == [True] * 4
    assert set(seen((clean,), 10).values()) == {None}
    rows = [{"detectors": seen((clean, slow), 10)}] * 3 + [{"detectors": seen((clean, other), 10)}]
    found = detector_rows(rows, [{"detectors": seen((clean, clean), 10)}])
    assert found["allclose on outputs"] == (1, 4, 0, 1)
    assert found["allclose on weights after ten steps"] == (4, 4, 0, 1)
    unasked = [*rows, {"detectors": seen((clean,), 10)}]
    assert detector_rows(unasked, [])["allclose on outputs"] == (1, 4, 0, 0), "what could not be asked does not count"


def test_the_ledger_knows_what_was_done_with_these_files(tmp_path: Path) -> None:
    Ledger(tmp_path / "a.json").put("clean", "one", {"digest": "x", "same": True})
    again = Ledger(tmp_path / "a.json")
    assert again.has("clean", "one", "x")
    assert not again.has("clean", "one", "y") and not again.has("planted", "one", "x")


def test_the_page_lists_what_is_wrong_and_counts_it() -> None:
    said = {"verdict": "same", "rung": "", "place": "", "causes": [], "unexplained": ""}
    missed = judge(_pair("", "", "same"), ("x",), ("n",), {})
    row = {"row": "B1", "host": "h", "wanted": ["batch-norm-momentum"], "told": said, "failure": "",
           "detectors": dict.fromkeys(DETECTORS, False), **missed}  # fmt: skip
    good = {**row, **judge(_pair("x", "n"), ("x",), ("n",), {})}
    shown = page({"planted": {"missed": row, "found": good}, "two": {}, "clean": {}})
    assert "| planted traps found different | 1 | 2 | 50.0 % |" in shown
    assert "| missed | different, layer, cause |" in shown and "| found |" not in shown
    assert share([row, good, {"layer": None}], "layer") == (1, 2)


# ---------------------------------------------------------------------- real proofs


def _variant(row: str, host: str) -> Variant:
    found = [one for trap in traps() if trap.row == row for one in planted(trap, count=1) if one.host == host]
    return next(one for one in found if one.side == one.against == "torch")


@pytest.mark.parametrize(
    ("row", "host", "blind"),
    [
        ("B1", "breast-cancer+bn", ["allclose on outputs", "loss curves, 1 %", "allclose on losses"]),
        ("C2", "breast-cancer+leaky", []),
    ],
)
def test_a_planted_trap_is_found_where_it_is_and_named(row: str, host: str, blind: list[str], tmp_path: Path) -> None:
    done = run(job_of(_variant(row, host)), tmp_path)
    assert done["different"] and done["cause"] and done["layer"] in (True, None), done
    assert [name for name, sees in done["detectors"].items() if not sees] == blind


def test_the_same_written_otherwise_is_the_same(tmp_path: Path) -> None:
    one = styled("digits-cnn", "channels last before the flatten")
    assert one is not None and one.codes[0] != one.codes[1]
    done = run(job_of_clean(one), tmp_path)
    assert done["same"], done
    assert list(done["detectors"].values()) == [False] * 4

"""A loss that takes the place of a side's own is the same in a graph that does not know how large its batches are."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from paragone.meaning.forms import loss_forms
from paragone.meaning.loss import Meaning, evaluated
from paragone.meaning.numpy_numbers import NUMPY

from .test_loss import WITH_TARGET, _output, _target


def _meanings() -> list[Meaning]:
    """Every form with every option, a sum, and weights of classes."""
    plain = [Meaning(word, dict(options)) for word in WITH_TARGET for options in loss_forms()[word].options]
    classes = [one for one in plain if loss_forms()[one.form].classes]
    weighted = [replace(one, weights=(1.0, 2.0, 0.5, 3.0), by_weights=by) for one in classes for by in (False, True)]
    told = [replace(one, options={**one.options, "smoothing": 0.1, "shift": 1.0}) for one in classes]
    return [*plain, *weighted, *told, Meaning("squared_error", over="sum")]


def _case(meaning: Meaning) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    output = _output(meaning.form, 7, rng)
    if meaning.options.get("broadcast"):
        output = output[:, :1]
    target = _target(meaning.form, output, rng)
    return {"meaning": asdict(meaning), "output": output, "target": target, "kind": str(target.dtype)}


def test_every_form_is_computed_for_batches_of_any_size(tmp_path: Path) -> None:
    cases = [_case(meaning) for meaning in _meanings()]
    (tmp_path / "cases.json").write_text(json.dumps(cases, default=np.ndarray.tolist), encoding="utf-8")
    child = str(Path(__file__).with_name("open_sizes_child.py"))
    done = subprocess.run(
        [sys.executable, child, str(tmp_path / "cases.json")], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    wanted = [evaluated(NUMPY, Meaning(**case["meaning"]), case["output"], case["target"]) for case in cases]
    assert np.allclose(json.loads(done.stdout.splitlines()[-1]), wanted, rtol=1e-12, atol=0.0)

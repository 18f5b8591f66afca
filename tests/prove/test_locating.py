"""Faults planted in one side of a pair must be found: the layer, the line of the changed file, an element.

All of `faults.toml` is run by `make localise`; here a part of it that takes seconds.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from paragone.records import Located
from paragone.sides.scan import scan_sides

from .bench import Bench, find
from .faults import DATA, FAULTS, HOSTS, Fault, line_of, planted

QUICK = [fault for fault in FAULTS if fault.side == "torch" and fault.rung == "forward"]
FEW = [fault for fault in FAULTS if fault.host == "two_inputs" and fault.side == "keras"][:1]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with Bench(tmp_path_factory.mktemp("bench")) as started:
        yield started


def located(fault: Fault, bench: Bench, folder: Path) -> tuple[Located | None, Path]:
    unchanged, changed = planted(fault, folder)
    return find(bench.group(scan_sides((str(unchanged), str(changed))), DATA[fault.host])), changed


@pytest.mark.parametrize("fault", [*QUICK, *FEW], ids=lambda fault: fault.name)
def test_a_planted_fault_is_found(fault: Fault, bench: Bench, tmp_path: Path) -> None:
    found, changed = located(fault, bench, tmp_path)
    assert found is not None
    assert found.rung == fault.rung
    assert found.layer in fault.layers, found.text
    assert line_of(fault, changed) in (0, found.b.line, found.b.after), found.text
    assert found.element is not None
    assert found.element.max_rel > 1e-10
    assert found.element.a != found.element.b
    assert found.before is None or found.before < 1e-12


def test_the_snippet_shows_the_difference_alone(bench: Bench, tmp_path: Path) -> None:
    fault = next(one for one in QUICK if "hardsigmoid" in one.new)
    found, _ = located(fault, bench, tmp_path)
    assert found is not None
    assert found.element is not None
    main, *parts = [bench.folder / name for name in found.snippet]
    assert [part.name for part in parts] == ["snippet_jax.py", "snippet_torch.py"]
    assert "nn.functional.hardsigmoid(self.right(b))" in parts[1].read_text(encoding="utf-8")
    done = subprocess.run([sys.executable, str(main)], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert f"{found.element.a} in jax, {found.element.b} in torch" in done.stdout


@pytest.mark.parametrize("fault", FEW, ids=lambda fault: fault.name)
def test_a_snippet_of_keras_shows_the_same_element(fault: Fault, bench: Bench, tmp_path: Path) -> None:
    found, _ = located(fault, bench, tmp_path)
    assert found is not None
    assert found.element is not None
    main, *parts = [bench.folder / name for name in found.snippet]
    assert "snippet_tensorflow.py" in [part.name for part in parts]
    done = subprocess.run([sys.executable, str(main)], capture_output=True, text=True, check=True, cwd=tmp_path)
    told = re.search(r"furthest apart at .*: (\S+) in \w+, (\S+) in \w+", done.stdout)
    assert told is not None
    assert tuple(map(float, told.groups())) == pytest.approx((found.element.a, found.element.b), rel=1e-9)


@pytest.mark.parametrize("host", ["attention", "two_inputs"])
def test_where_nothing_differs_no_place_is_named(host: str, bench: Bench) -> None:
    files = [str(HOSTS / host / name) for name in ("jax_side.py", "torch_side.py")]
    group = bench.group(scan_sides((files[0], files[1])), DATA[host])
    assert find(group) is None

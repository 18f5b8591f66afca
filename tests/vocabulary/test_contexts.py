"""Words among others are the same in every framework: `tests.vocabulary.contexts`."""

from __future__ import annotations

import pytest

from .contexts import CASES
from .lab import Ran, run
from .zoo import faults


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Ran]]:
    return run(CASES, tmp_path_factory.mktemp("contexts"))


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_matched_sides_compute_the_same(name: str, found: dict[str, dict[str, Ran]]) -> None:
    assert not faults(found[name])

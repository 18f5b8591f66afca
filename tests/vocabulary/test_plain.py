"""Random configurations, written `plain`, run and train in float32; `python -m tests.vocabulary.plain` has more."""

from __future__ import annotations

import pytest

from .lab import Ran, run
from .plain import cases_of, problems

SAMPLE = (
    *("conv", "conv_transpose", "max_pool", "upsample", "layer_norm", "prelu", "lstm", "multi_head_attention"),
    *(
        "last_step",
        "loss:sparse_categorical_crossentropy",
        "loss:huber",
        "optimizer:adafactor",
        "schedule:warmup_cosine",
    ),
)
CASES = [case for word in SAMPLE for case in cases_of(word, 1, start=1)]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Ran]]:
    return run(CASES, tmp_path_factory.mktemp("plain"), "plain")


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_plain_sides_run_and_train(name: str, found: dict[str, dict[str, Ran]]) -> None:
    assert not problems(found[name])

from __future__ import annotations

from pathlib import Path

import pytest

import paragone.measure.quantities
from paragone.measure.quantities import quantities
from paragone.records import ContenderSet, Memory, Phases

ONE = ContenderSet(
    set=0,
    phases_s=Phases(start=0.1, import_=2.0, build=0.3, compile=0.5, first_step=0.01),
    steady_s=1.0,
    wall_s=4.0,
    accounted_s=3.91,
    memory_bytes=Memory(peak=300, after_import=100, after_build=200),
    warmup_steps=10,
    steps_per_block=10,
    block_step_s=(0.02, 0.01, 0.01, 0.05, 0.01),
)


def test_every_file_is_a_quantity_and_they_have_their_order() -> None:
    folder = Path(paragone.measure.quantities.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "base"}
    assert {name.replace(" ", "_") for name in quantities()} == files
    assert list(quantities()) == [
        "step",
        "cold start",
        "peak memory",
        "latency",
        "throughput",
        "epoch",
        "time to quality",
    ]


@pytest.mark.parametrize(("name", "value"), [("step", 0.01), ("cold start", 2.91), ("peak memory", 300)])
def test_what_is_read_off_a_process(name: str, value: float) -> None:
    assert quantities()[name].read(ONE) == pytest.approx(value)
    assert quantities()[name].is_size == (name == "peak memory")

"""Event files are what TensorBoard reads, byte by byte and through its own reader."""

from __future__ import annotations

import math
import struct
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from paragone.curves.event_file import Scalar, _masked_crc, event_file


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """TensorBoard's own accumulator over a folder; a module of this name keeps it from importing TensorFlow."""
    monkeypatch.setitem(sys.modules, "tensorboard.compat.notf", ModuleType("tensorboard.compat.notf"))
    from tensorboard.backend.event_processing.event_accumulator import SCALARS, EventAccumulator

    def reader(content: bytes) -> dict[str, list[Any]]:
        (tmp_path / "events.out.tfevents.1.test").write_bytes(content)
        found = EventAccumulator(str(tmp_path), size_guidance={SCALARS: 0})
        found.Reload()
        return {tag: found.Scalars(tag) for tag in found.Tags()["scalars"]}

    return reader


def test_the_checksum_is_castagnolis_masked() -> None:
    """RFC 3720, B.4: 32 bytes of zeros have the CRC-32C 8a9136aa."""
    crc = 0x8A9136AA
    masked = (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF
    assert _masked_crc(bytes(32)) == struct.pack("<I", masked)


def test_tensorboard_reads_every_point(read: Any) -> None:
    curve = [Scalar("training loss/float64", step, 1 / (1 + step)) for step in range(300)]
    other = [Scalar("größe ÷ τ", 2**40, -1e-30)]
    found = read(event_file([*curve, *other], 1.5e9))
    assert [(one.step, one.value) for one in found["training loss/float64"]] == [
        (one.step, pytest.approx(one.value, rel=1e-7)) for one in curve
    ]
    assert {one.wall_time for one in found["training loss/float64"]} == {1.5e9}
    (point,) = found["größe ÷ τ"]
    assert (point.step, point.value) == (2**40, pytest.approx(-1e-30, rel=1e-6))


def test_what_is_no_number_or_too_large_stays_so(read: Any) -> None:
    values = (math.nan, math.inf, -math.inf, 1e300, -1e300)
    found = read(event_file([Scalar("loss", step, value) for step, value in enumerate(values)], 0.0))["loss"]
    assert math.isnan(found[0].value)
    assert [one.value for one in found[1:]] == [math.inf, -math.inf, math.inf, -math.inf]


def test_a_byte_that_is_changed_is_noticed(read: Any) -> None:
    content = bytearray(event_file([Scalar("loss", 1, 0.5)], 0.0))
    assert set(read(bytes(content))) == {"loss"}
    content[-6] ^= 1
    assert read(bytes(content)) == {}

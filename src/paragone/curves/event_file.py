"""A TensorBoard event file with scalars, byte by byte.

The `tensorboard` package can write one without TensorFlow, and takes 0.4 s to import and nine packages to install for
it (2.21: gRPC, Werkzeug, protobuf, …). What a scalar needs is small and has not changed since 2015:

- a file is a sequence of records, each a length (8 bytes, little-endian), the masked CRC-32C of the length, the
  content, and the masked CRC-32C of the content
  (https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details);
- a content is an `Event` in protocol buffers: `wall_time` = 1 (double), `step` = 2 (int64), `file_version` = 3
  (string) in the first one, `summary` = 5; a `Summary` has `value` = 1, each with `tag` = 1 and `simple_value` = 2
  (float) (https://github.com/tensorflow/tensorboard/tree/master/tensorboard/compat/proto: event.proto, summary.proto).

A `simple_value` has the 24 bits of a float32; the full figures are in run.json.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

VERSION = b"brain.Event:2"
_CASTAGNOLI = 0x82F63B78
_VARINT, _64_BIT, _BYTES, _32_BIT = 0, 1, 2, 5


@dataclass(frozen=True)
class Scalar:
    """One point of a curve."""

    tag: str
    step: int
    value: float


def event_file(scalars: Iterable[Scalar], wall_time_s: float) -> bytes:
    """The whole file.

    Args:
        scalars: in the order in which they are written; steps of one tag must not go back.
        wall_time_s: seconds since 1970 that every event is given.
    """
    when = _key(1, _64_BIT) + struct.pack("<d", wall_time_s)
    events = [when + _sized(3, VERSION), *(when + _event(one) for one in scalars)]
    return b"".join(map(_record, events))


def _event(one: Scalar) -> bytes:
    value = _sized(1, one.tag.encode()) + _key(2, _32_BIT) + _float32(one.value)
    return _key(2, _VARINT) + _varint(one.step) + _sized(5, _sized(1, value))


def _float32(value: float) -> bytes:
    """What is too large for a float32 is infinite, as everywhere."""
    try:
        return struct.pack("<f", value)
    except OverflowError:
        return struct.pack("<f", float("inf") if value > 0 else float("-inf"))


def _record(content: bytes) -> bytes:
    length = struct.pack("<Q", len(content))
    return length + _masked_crc(length) + content + _masked_crc(content)


def _masked_crc(content: bytes) -> bytes:
    """A checksum that is not that of itself: rotated by 15 bits, and a constant added."""
    crc, table = 0xFFFFFFFF, _table()
    for byte in content:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


@cache
def _table() -> tuple[int, ...]:
    """CRC-32C of every byte."""
    return tuple(_shifted(byte) for byte in range(256))


def _shifted(crc: int) -> int:
    for _ in range(8):
        crc = (crc >> 1) ^ (_CASTAGNOLI if crc & 1 else 0)
    return crc


def _sized(field: int, content: bytes) -> bytes:
    return _key(field, _BYTES) + _varint(len(content)) + content


def _key(field: int, wire_type: int) -> bytes:
    return _varint(field << 3 | wire_type)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; not negative."""
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)

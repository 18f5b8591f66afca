"""What stands beside a script: messages to a program of another language, its compilation, names in a SavedModel."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from paragone.deploy.beside import compiling, framing
from paragone.deploy.target import beside
from paragone.deploy.targets.tensorflow_c import tensors

ECHO = """
#include "framing.h"
int main(void) {
  static Frame request;
  frame_open();
  puts("a library prints");
  while (frame_read(&request))
    if (request.count) frame_write(&request, 1500000000);
    else frame_fail("nothing was given");
  return 0;
}
"""
CHECKED = ("gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined", "-fno-sanitize-recover")
SOME = st.lists(
    st.sampled_from(sorted(framing.TYPES.values())).flatmap(
        lambda name: arrays.arrays(name, arrays.array_shapes(min_dims=0, max_dims=8, min_side=0, max_side=3))
    ),
    min_size=1,
    max_size=4,
)
"""Arrays of every type that is sent, also without axes and without elements."""


@pytest.fixture(scope="module")
def echo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that gives back what it is given, watched by the compiler's sanitizers."""
    folder = tmp_path_factory.mktemp("echo")
    (folder / "framing.h").write_text(beside("framing.h"), encoding="utf-8")
    (folder / "echo.c").write_text(ECHO, encoding="utf-8")
    program, took_s = compiling.compiled(folder / "echo.c", CHECKED, ())
    assert took_s > 0
    return program


@pytest.fixture
def program(echo: Path) -> Iterator[framing.Program]:
    started = framing.Program([str(echo)])
    yield started
    started.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SOME)
def test_arrays_come_back_as_they_were_sent(program: framing.Program, sent: list[framing.Array]) -> None:
    found = program(sent)
    assert [(a.dtype, a.shape, a.tobytes()) for a in found] == [(a.dtype, a.shape, a.tobytes()) for a in sent]
    assert program.last_s == 1.5


def test_a_program_says_its_start_its_memory_and_what_failed(program: framing.Program) -> None:
    assert program.peak_memory_bytes() is None and program.cold_start_s == 0
    program([np.zeros((3, 1000))[:, ::2]])
    first = program.cold_start_s
    peak = program.peak_memory_bytes()
    assert first > 0 and peak is not None and peak > 2**20
    with pytest.raises(RuntimeError, match="nothing was given"):
        program([])
    program([np.zeros(2**22)])
    assert program.cold_start_s == first
    grown = program.peak_memory_bytes()
    assert grown is not None and grown > peak + 2**24


def _announced(count: int, number: int, *lengths: int) -> bytes:
    """A request as far as its first array is described."""
    axes = len(lengths)
    return struct.pack("<4sIQQII8Q", b"ARRS", count, 0, 0, number, axes, *lengths[:8], *(0,) * (8 - axes))


@pytest.mark.parametrize(
    ("request_bytes", "error"),
    [
        (b"hello" * 9, "no request"),
        (_announced(65, 1, 0) + _announced(0, 1)[24:] * 64, "no request"),
        (_announced(1, 1, *(1,) * 9) + bytes(4), "axes that are not sent"),
        (_announced(1, 5), "type or of axes"),
        (_announced(1, 12), "type or of axes"),
        (_announced(1, 1, 2**29 + 1), "too large"),
        (_announced(1, 1, 2**40, 2**40), "too large"),
        (_announced(1, 1, 2**63, 2), "too large"),
        (_announced(1, 1, 3) + bytes(11), "half a request"),
        (_announced(1, 1)[:-1], "half a request"),
    ],
)
def test_a_request_that_is_none_ends_the_program(echo: Path, request_bytes: bytes, error: str) -> None:
    done = subprocess.run([echo], input=request_bytes, capture_output=True, timeout=60, check=False)
    assert done.returncode == 3
    assert error in done.stderr.decode() and b"Sanitizer" not in done.stderr


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SOME, st.data())
def test_no_request_breaks_the_program(echo: Path, sent: list[framing.Array], data: st.DataObject) -> None:
    whole = bytearray(framing.message(sent))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    done = subprocess.run([echo], input=bytes(whole), capture_output=True, timeout=60, check=False)
    assert done.returncode in (0, 3), done.stderr.decode()


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("b'', flush=True", "ended with code 7"),
        ("b'ARRS'", "ended with code 7"),
        ("b'hello' * 9", "in place of a message"),
        ("b'ARRS' + bytes([65]) + bytes(19)", "in place of a message"),
        ("b'ARRS' + bytes([1]) + bytes(19) + bytes([5]) + bytes(71)", "array of type 5"),
        ("b'ARRS' + bytes([1]) + bytes(19) + bytes([1, 0, 0, 0, 9]) + bytes(67)", "9 axes"),
        ("b'ARRS' + bytes([1]) + bytes(19) + bytes([1, 0, 0, 0, 1]) + bytes(9) + b'm' + bytes(57)", "bytes"),
        ("b'FAIL' + bytes([2]) + bytes(19) + b'no'", "^no$"),
    ],
)
def test_what_a_program_says_instead_is_told(said: str, error: str) -> None:
    said = said.removesuffix(", flush=True")
    code = f"import sys; sys.stdin.buffer.read(24); sys.stdout.buffer.write({said}); sys.stdout.flush(); sys.exit(7)"
    program = framing.Program([sys.executable, "-S", "-c", code])
    with pytest.raises((RuntimeError, ValueError), match=error):
        program([])
    program.close()


@settings(deadline=None)
@given(SOME, st.data())
def test_half_a_message_is_none(sent: list[framing.Array], data: st.DataObject) -> None:
    whole = framing.message(sent)
    with pytest.raises(EOFError):
        framing.read(io.BytesIO(whole[: data.draw(st.integers(0, len(whole) - 1))]))


@pytest.mark.parametrize("array", [np.zeros(2, np.complex64), np.array(["a"]), np.zeros((1,) * 9)])
def test_what_cannot_be_sent_is_refused(array: framing.Array) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        framing.message([array])


def test_a_program_is_compiled_again_only_where_its_source_is_newer(tmp_path: Path) -> None:
    source = tmp_path / "answer.c"
    source.write_text("int main(void) { return 5; }\n", encoding="utf-8")
    program, _ = compiling.compiled(source, ("gcc",), ())
    assert compiling.compiled(source, ("no-such-compiler",), ()) == (program, 0.0)
    source.write_text("int main(void) { return 6; }\n", encoding="utf-8")
    compiling.compiled(source, ("gcc",), ())
    assert subprocess.run([program], check=False).returncode == 6
    source.write_text("int main(void) { return six; }\n", encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"gcc ended with code 1: .*error: .*six"):
        compiling.compiled(source, ("gcc",), ())


def test_a_package_is_found_without_being_imported() -> None:
    assert (compiling.package("hypothesis") / "__init__.py").exists()
    with pytest.raises(ModuleNotFoundError):
        compiling.package("no_such_package")


def _field(number: int, value: bytes) -> bytes:
    """A field of bytes, at most 16383 of them."""
    return bytes([number << 3 | 2, len(value) & 127 | 128, len(value) >> 7]) + value


def _saved_model(signatures: dict[str, tuple[list[str], list[str]]]) -> bytes:
    def entry(name: str) -> bytes:
        info = bytes([2 << 3, 1]) + _field(1, f"tensor_{name}:0".encode())
        return _field(1, name.encode()) + _field(2, info)

    def signature(inputs: list[str], outputs: list[str]) -> bytes:
        return b"".join(_field(place, entry(name)) for place, of in ((1, inputs), (2, outputs)) for name in of)

    graph = _field(2, b"a graph") + b"".join(
        _field(5, _field(1, name.encode()) + _field(2, signature(*of))) for name, of in signatures.items()
    )
    return bytes([1 << 3, 1]) + _field(2, graph)


SIGNED = _saved_model({"train": (["x0"], ["y0"]), "serving_default": (["x10", "x2", "x0"], ["y1", "y0"])})


def test_tensors_of_a_signature_are_in_order() -> None:
    assert tensors(SIGNED) == (
        [f"tensor_{name}:0" for name in ("x0", "x2", "x10")], [f"tensor_{name}:0" for name in ("y0", "y1")],
    )  # fmt: skip
    with pytest.raises(ValueError, match="serving_default"):
        tensors(_saved_model({"train": (["x0"], ["y0"])}))
    with pytest.raises(ValueError, match="does not end"):
        tensors(b"\x08" + b"\x80" * 10 + b"\x01" + SIGNED)  # eleven bytes, where a number has ten


@settings(max_examples=300)
@given(st.one_of(st.binary(), st.integers(0, len(SIGNED)).map(lambda end: SIGNED[:end]),
                 st.tuples(st.integers(0, len(SIGNED) - 1), st.integers(0, 255)).map(
                     lambda at: SIGNED[: at[0]] + bytes([at[1]]) + SIGNED[at[0] + 1 :])))  # fmt: skip
def test_a_spoiled_savedmodel_is_refused_in_words(spoiled: bytes) -> None:
    try:
        inputs, outputs = tensors(spoiled)
    except ValueError:
        return
    assert len(inputs) <= 3 and len(outputs) <= 2

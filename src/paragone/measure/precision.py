"""The precisions that sides can be timed in, and why one of them cannot be had here."""

from __future__ import annotations

from paragone.errors import InputError

FLOAT32 = "float32"
BFLOAT16 = "bfloat16"
TF32 = "tf32"
PRECISIONS = (FLOAT32, BFLOAT16, TF32)


def check_precision(name: str) -> None:
    """Refuse a precision that is not known, or that the processor does not have.

    TF32 is a mode of the tensor cores of NVIDIA GPUs of compute capability 8.0 (Ampere) and newer; sides run on the
    CPU. Source: NVIDIA CUDA C++ Programming Guide 12.9, "Compute Capabilities",
    https://docs.nvidia.com/cuda/archive/12.9.1/cuda-c-programming-guide/#features-and-technical-specifications

    Raises:
        InputError: says what the precision needs.
    """
    if name not in PRECISIONS:
        raise InputError(
            f"--precision cannot be {name or 'empty'}.",
            where="--precision",
            expected=" or ".join(PRECISIONS),
            received=name or "empty",
        )
    if name == TF32:
        raise InputError(
            "tf32 cannot be timed here.",
            where="--precision",
            expected="a CUDA device of compute capability 8.0 or newer",
            received="the CPU, on which all sides run",
            next_step=f"give --precision {BFLOAT16}, or leave it at {FLOAT32}",
        )

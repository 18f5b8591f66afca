"""The line of a framework's error that matters."""

from __future__ import annotations

import pytest

from paragone.frameworks.refusals import telling_line

AUTOGRAPH = """in user code:

    File "worker.py", line 238, in _loss_of  *
        return model.compute_loss(x=x, y=y)
    File "nn.py", line 1419, in sparse_categorical_crossentropy
        raise ValueError(

    ValueError: Argument `output` must have rank (ndim) `target.ndim - 1`.
"""
KERAS = "Exception encountered when calling Dense.call().\n\n\x1b[1mMatrix size-incompatible: [32]\x1b[0m\n\nArguments"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (AUTOGRAPH, "ValueError: Argument `output` must have rank (ndim) `target.ndim - 1`."),
        (KERAS, "Matrix size-incompatible: [32]"),
        ("mat1 and mat2 shapes cannot be multiplied\nmore", "mat1 and mat2 shapes cannot be multiplied"),
        ("", "ValueError"),
    ],
)
def test_it_is_the_line_that_says_what_is_wrong(text: str, line: str) -> None:
    assert telling_line(ValueError(text)) == line

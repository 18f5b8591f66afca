"""Names that become names in the written sides."""

from __future__ import annotations

import keyword
import re

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
# Modules, functions and variables that every written side has.
_RESERVED = (
    "model optimizer criterion loss loss_fn loss_function train_step load_data train test batch batch_size epoch",
    "epochs scheduler schedule layers keras torch nn jax jnp np nnx optax ops tf math self rngs f x y grads outputs",
    "targets super main print range len int float bool zip map sum max min abs layer order start array loader shuffle",
    "tensors",
)
RESERVED = frozenset(name for line in _RESERVED for name in line.split())


def identifier(name: str) -> str:
    """Check that a name can stand in a written side.

    Raises:
        ValueError: it cannot; says why.
    """
    if not _IDENTIFIER.fullmatch(name) or keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise ValueError("a name of small letters, digits and underscores that begins with a letter and is no keyword")
    if name in RESERVED:
        raise ValueError(f"a name that the written sides do not use themselves, as they do '{name}'")
    return name


def class_name(text: str) -> str:
    """The name of a task as that of a class: `digits-cnn` is `DigitsCnn`."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    joined = "".join(word.capitalize() for word in words) or "Net"
    return joined if joined[0].isalpha() else f"Net{joined}"

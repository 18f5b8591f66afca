"""Names that become names in the written sides."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Container

_TAKEN_CLASSES = frozenset(
    {"Any", "Callable", "DataLoader", "Model", "PackedSequence", "Path", "Penalty", "TensorDataset", *dir(builtins)}
)
_BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Make code look like other code."""
_SPACES = re.compile(r"[\n\r\t]")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
# Modules, functions and variables that every written side has; methods of a module in PyTorch and in Flax NNX.
_RESERVED = (
    "model optimizer criterion loss loss_fn loss_function train_step load_data train test batch batch_size epoch",
    "epochs scheduler schedule layers keras torch nn jax jnp np nnx optax ops tf math self rngs f x y grads outputs",
    "targets plateau main layer order start array loader shuffle",
    "tensors forward add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches",
    "eval extra_repr half ipu load_state_dict modules mtia named_buffers named_children named_modules named_parameters",
    "parameters requires_grad_ share_memory state_dict to to_empty training type xpu zero_grad get_buffer",
    "get_parameter get_submodule get_extra_state set_extra_state set_submodule register_backward_hook register_buffer",
    "register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook",
    "register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module register_parameter",
    "register_state_dict_post_hook register_state_dict_pre_hook iter_children iter_modules perturb set_attributes sow",
)
RESERVED = frozenset((*dir(builtins), *(name for line in _RESERVED for name in line.split())))


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


def readable(text: str) -> str:
    """Check that a text for people has nothing in it that cannot be seen.

    Raises:
        ValueError: it has; says what would do.
    """
    if any(
        unicodedata.category(letter) in {"Cc", "Cs"} or letter in _BIDIRECTIONAL for letter in _SPACES.sub("", text)
    ):
        raise ValueError("a text without control characters")
    return text


def plain_letters(text: str) -> str:
    """Letters with marks become those without: `für` is `fur`; what has no such form is left out."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def class_name(text: str, taken: Container[str] = ()) -> str:
    """The name of a task as that of a class: `digits-cnn` is `DigitsCnn`.

    Args:
        text: the name of the task.
        taken: names that the side has for something else.
    """
    words = re.findall(r"[a-z0-9]+", plain_letters(text).lower())
    joined = "".join(word.capitalize() for word in words) or "Net"
    name = joined if joined[0].isalpha() else f"Net{joined}"
    return f"{name}Net" if name in taken or name in _TAKEN_CLASSES else name

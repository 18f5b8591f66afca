"""Equal sides: ready tasks over seeds, frameworks, batch sizes and precisions; and the same, written otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from benchmarks.trapbench.hosts import HOSTS, checked, written
from benchmarks.trapbench.variants import LARGE

_STYLES = {
    "channels last before the flatten": ("torch", ".movedim(1, -1).flatten(1)", ".moveaxis(1, -1).reshape(len(x), -1)"),
    "another seed": ("torch", "\nmodel = ", "\ntorch.manual_seed(7)\nmodel = "),
    "a loss in a function": ("torch", "criterion = nn.CrossEntropyLoss()",
                             "def criterion(x, y):\n    return F.nll_loss(F.log_softmax(x, 1), y)\n"),
    "biases frozen and thawed": ("torch", "\noptimizer = ",
                                 "\nmodel.requires_grad_(False)\nmodel.requires_grad_(True)\noptimizer = "),
    "groups of parameters": ("torch", "(model.parameters()", "([{'params': list(model.parameters())}]"),
    "chained transformations": ("jax", "optax.adam(",
                                "(lambda *a, **k: optax.chain(optax.identity(), optax.adam(*a, **k)))("),
}  # fmt: skip
_FEW = ("another seed", "biases frozen and thawed", "groups of parameters", "chained transformations")
_ONE_SIZE = ("waves+padded", "digits-cnn+average")
"""PyTorch's padding is written for the size of the task, "same" of Flax follows the size: elsewhere they differ."""
SEEDS = (0, 1, 2, 3)


@dataclass(frozen=True)
class Clean:
    """Two files that do the same.

    Args:
        name: unique.
        host: the model.
        codes: of both sides.
        frameworks: of both sides.
        seed: of the proof.
        batch_size: samples a step; 0 means the task's own.
        dtype: the precision that decides.
    """

    name: str
    host: str
    codes: tuple[str, str]
    frameworks: tuple[str, str]
    seed: int = 0
    batch_size: int = 0
    dtype: str = "float64"


@cache
def clean_pairs() -> tuple[Clean, ...]:
    """All of them, the quickest kinds first."""
    small = [host for host in HOSTS if host.partition("+")[0] not in LARGE]
    plain = [host for host in HOSTS if "+" not in host]
    rows = [styled(host, style) for style in _STYLES for host in (plain if style in _FEW else HOSTS)]
    rows += [_pair(host, "torch", "torch", seed=seed, batch_size=7 + 9 * seed) for seed in SEEDS for host in plain]
    rows += [_pair(host, "torch", "jax") for host in small if host not in _ONE_SIZE]
    rows += [_pair(host, "torch", "tensorflow") for host in small if "+" not in host]
    rows += [_pair(host, "torch", "torch", seed=1, dtype="float32") for host in small[::4]]
    return tuple(row for row in rows if row is not None)


def _pair(host: str, a: str, b: str, *, seed: int = 0, batch_size: int = 0, dtype: str = "float64") -> Clean:
    name = f"{host} {a} {b} seed {seed}" + (f" batch {batch_size}" if batch_size else "")
    name += f" {dtype}" if dtype != "float64" else ""
    return Clean(name, host, (written(host, a), written(host, b)), (a, b), seed, batch_size, dtype)


def styled(host: str, style: str) -> Clean | None:
    """A clean side against the same, written otherwise; None where the host has no such place."""
    framework, old, new = _STYLES[style]
    code = written(host, framework)
    changed = code.replace(old, new, 1)
    if "freeze_second_bias" in code and style == "biases frozen and thawed":
        return None  # this would thaw more than it froze
    if changed == code or (framework != "torch" and host.partition("+")[0] in LARGE):
        return None
    if "F." in new and "import torch.nn.functional as F" not in code:
        changed = "import torch.nn.functional as F\n" + changed
    return Clean(f"{host} {style}", host, (written(host, "torch"), changed), ("torch", framework))


def batch_size_of(clean: Clean) -> int:
    """Samples a step."""
    return clean.batch_size or checked(clean.host).task.training.batch_size

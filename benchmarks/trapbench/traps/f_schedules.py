"""F: schedules, and what training switches."""

from benchmarks.trapbench.edits import text
from benchmarks.trapbench.traps.base import Trap


def _rate(row: str, cause: str, suffix: str, edits: dict) -> Trap:
    hosts = [f"{task}+{suffix}" for task in ("breast-cancer", "digits-mlp", "waves")]
    return Trap(row, (cause,), hosts, edits, "trajectory", "")


TRAPS = [
    _rate("F1", "schedule-unit", "exponential", {
        "torch": [text(r"lambda step: 0\.5 \*\* \(step / 4\)", "lambda step: 0.5 ** (step // 4 / 4)")]}),
    _rate("F2", "schedule-after-its-end", "cosine", {
        "torch": [text(r"LambdaLR\(optimizer, lambda step: cosine\(step, 5\)\)", "CosineAnnealingLR(optimizer, 5)")]}),
    _rate("F3", "schedule-off-by-one", "piecewise", {
        "torch": [text(r"MultiStepLR\(optimizer, \[4\]\)", "MultiStepLR(optimizer, [5])")],
        "jax": [text(r"\{4: 0\.1\}", "{5: 0.1}")]}),
    _rate("F4", "schedule", "exponential", {
        "torch": [text(r"lambda step: 0\.5 \*\* \(step / 4\)", "lambda step: 0.5 ** (step // 2 / 2)")],
        "jax": [text(r"exponential_decay\(0\.05, 4, 0\.5", "exponential_decay(0.05, 4, 0.5, staircase=True")]}),
    _rate("F6", "schedule-warm-up", "warmup", {
        "torch": [text(r"warmup_cosine\(step, 3, 8\)", "warmup_cosine(step, 3, 11)")],
        "jax": [text(r"decay_steps=8", "decay_steps=11")]}),
    _rate("F13", "schedule-precision", "warmup", {
        "jax": [text(r"schedule = floating\(\s*(optax\.\w+\([^)]*\))\s*\)", r"schedule = \1")]}),
    Trap("F11", ("dropout-rate",),
         ["breast-cancer+dropout:dropout", "digits-cnn:dropout", "digits-mlp+dropout:dropout"],
         {"torch": [text(r"nn\.Dropout\(0\.(2|25)\)", "nn.Dropout(0.75)")],
          "jax": [text(r"nnx\.Dropout\(0\.(2|25),", "nnx.Dropout(0.75,")],
          "tensorflow": [text(r"layers\.Dropout\(0\.(2|25),", "layers.Dropout(0.75,")]}, "structure", ""),
]  # fmt: skip

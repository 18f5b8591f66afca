"""C: activations."""

from benchmarks.trapbench.edits import argument, text, used
from benchmarks.trapbench.traps.base import Trap


def _hosts(suffix: str) -> list[str]:
    return [f"{task}+{suffix}:hidden" for task in ("breast-cancer", "digits-mlp", "waves")]


def _images(suffix: str) -> list[str]:
    return [f"waves+{suffix}:edges", f"digits-cnn+{suffix}:strokes", f"shapes-unet+{suffix}:fine"]


TRAPS = [
    Trap("C1", ("gelu-approximation",), ["breast-cancer+gelu:hidden", "digits-vit:wide1", "text-gpt:wide2",
                                         "digits-mlp+gelu:hidden"], {
        "torch": [used(r"F\.gelu\(self\.{at}\(([a-z]+)\)\)", r'F.gelu(self.{at}(\1), approximate="tanh")')],
        "jax": [used(r", approximate=False", "")]}, place="after"),
    Trap("C2", ("leaky-relu-slope",), _hosts("leaky"), {
        "torch": [used(r", negative_slope=0\.1", "")],
        "tensorflow": [text(r"(?<=[ =\n])LeakyReLU\(negative_slope=0\.1", "LeakyReLU(negative_slope=0.3")]},
         place="after"),
    Trap("C3", ("hard-sigmoid-slope",), _hosts("hard-sigmoid"), {
        "torch": [used(r"hard_sigmoid\((self\.{at}\([a-z]+\))\)", r"torch.clamp(0.2 * \1 + 0.5, 0.0, 1.0)")],
        "jax": [used(r"nnx\.hard_sigmoid\((self\.{at}\([a-z]+\))\)", r"jnp.clip(0.2 * \1 + 0.5, 0.0, 1.0)")]},
         place="after"),
    Trap("C4", ("softplus-threshold",), _hosts("softplus"), {"torch": [used(r"threshold=40", "threshold=10")]},
         place="after", about="at PyTorch's own 20 both are at most 6e-11 apart, which every tolerance allows"),
    Trap("C5", ("elu-alpha",), _hosts("elu"), {
        "torch": [used(r"F\.elu\((self\.{at}\([a-z]+\))\)", r"F.elu(\1, alpha=0.7)")],
        "jax": [used(r"nnx\.elu\((self\.{at}\([a-z]+\))\)", r"nnx.elu(\1, alpha=0.7)")]}, place="after"),
    Trap("C6", ("softmax-axis",), _images("softmax"), {
        "torch": [used(r"dim=1\)", "dim=-1)")], "jax": [used(r"(self\.{at}\([a-z]+\))\)", r"\1, axis=1)")]},
         place="after"),
    Trap("C7", ("float32-constants",), ["breast-cancer+gelu:hidden", "digits-mlp+gelu:hidden", "waves+gelu:hidden"], {
        "tensorflow": [argument("activation", '"gelu"')]}, place="after"),
    Trap("C8", ("activation",), [*_images("relu6")[:2], "digits-mobilenet:depthwise1_norm"], {
        "torch": [used(r"F\.relu6", "F.relu")], "jax": [used(r"nnx\.relu6", "nnx.relu")]}, place="after"),
]  # fmt: skip

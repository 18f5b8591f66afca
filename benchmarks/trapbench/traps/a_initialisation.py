"""A: where weights start from."""

from benchmarks.trapbench.edits import argument, text
from benchmarks.trapbench.traps.base import Trap

_ALL = r'nn\.init\.xavier_uniform_\(self\.get_parameter\(f"\{name\}\.weight"\)\)'
_LIKE_TORCH = 'nn.init.kaiming_uniform_(self.get_parameter(f"{name}.weight"), a=5**0.5)'
_LECUN = {"jax": [argument("kernel_init", None)], "torch": [text(_ALL, _LIKE_TORCH)]}


def _start(row: str, cause: str, hosts: list[str], edits: dict) -> Trap:
    return Trap(row, (cause,), hosts, edits, "initialisation", "")


TRAPS = [
    _start("A1", "kernel-initialiser", ["breast-cancer:hidden", "digits-mlp:hidden", "diabetes-regression:hidden"],
           {**_LECUN, "tensorflow": [argument("kernel_initializer", '"he_normal"')]}),
    _start("A2", "bias-initialiser", ["diabetes-regression:hidden", "waves:hidden", "digits-mlp:hidden"],
           {"torch": [text(r'nn\.init\.zeros_\(self\.get_parameter\(f"\{name\}\.bias"\)\)',
                           'nn.init.uniform_(self.get_parameter(f"{name}.bias"), -0.1, 0.1)')],
            "jax": [argument("bias_init", "nnx.initializers.normal(0.1)")]}),
    _start("A3", "kernel-initialiser", ["waves:edges", "digits-cnn:strokes", "digits-resnet:stem"], _LECUN),
    _start("A4", "kernel-initialiser", ["digits-mobilenet:depthwise1"], _LECUN),
    _start("A5", "kernel-initialiser", ["digits-autoencoder:doubled"], _LECUN),
    _start("A6", "embedding-initialiser", ["recommender:user_table", "text-lstm:embedded", "addition-gru:embedded"],
           {"torch": [text(r"nn\.init\.uniform_\(\s*self\.(get_parameter\(f\"\{name\}\.weight\"\)|embedded\.weight), "
                           r"-0\.05, 0\.05\s*\)", "pass")],
            "jax": [argument("embedding_init", None)]}),
    _start("A7", "kernel-initialiser", ["text-lstm:read", "addition-gru:read", "waves+lstm:swings"],
           {"torch": [text(r'nn\.init\.xavier_uniform_\(self\.get_parameter\("{at}\.weight_ih_l0"\)\)',
                           'nn.init.uniform_(self.get_parameter("{at}.weight_ih_l0"), -0.125, 0.125)')],
            "jax": [argument("kernel_init", None)]}),
    _start("A8", "kernel-initialiser", ["text-lstm:read", "addition-gru:read", "waves+lstm:swings"],
           {"torch": [text(r'nn\.init\.orthogonal_\(self\.get_parameter\("{at}\.weight_hh_l0"\)(, 1\.0)?\)',
                           'nn.init.uniform_(self.get_parameter("{at}.weight_hh_l0"), -0.25, 0.25)')]}),
    _start("A9", "bias-initialiser", ["waves+lstm:swings", "text-lstm:read"],
           {"torch": [text(r"        start_biases\(self\.{at}\)\n", "")], "jax": [argument("bias_init", None)]}),
]  # fmt: skip

"""B: normalisations."""

from benchmarks.trapbench.edits import argument, made_by, text
from benchmarks.trapbench.traps.base import Trap

_BN = ["breast-cancer+bn:norm", "digits-resnet:block1_norm1", "digits-mobilenet:depthwise2_norm",
       "digits-mlp+bn:norm", "waves+bn:norm"]  # fmt: skip
_OWN = {"torch": [argument("eps", "1e-3")], "jax": [argument("epsilon", "1e-3")],
        "tensorflow": [argument("epsilon", None)]}  # fmt: skip

TRAPS = [
    Trap("B1", ("batch-norm-momentum",), _BN, {
        "torch": [argument("momentum", "0.9")], "jax": [argument("momentum", None)],
        "tensorflow": [argument("momentum", None)]}, "step"),
    Trap("B2", ("batch-norm-epsilon",), _BN, _OWN),
    Trap("B3", ("batch-norm-unbiased-variance",), [_BN[3], _BN[0], _BN[4]], {
        "torch": [made_by("nn.BatchNorm1d", "BiasedBatchNorm1d")]}, "step"),
    Trap("B3", ("batch-norm-unbiased-variance",), _BN[1:3], {
        "torch": [made_by("nn.BatchNorm2d", "BiasedBatchNorm2d")]}, "step"),
    Trap("B5", ("batch-norm-frozen",), [_BN[3], _BN[0], _BN[4]], {
        "torch": [text(r"self\.{at}\((\w+)\)", r"self.{at}.eval()(\1)")]}, "loss"),
    Trap("B9", ("layer-norm-epsilon",), ["breast-cancer+ln:norm", "digits-vit:norm2", "text-gpt:norm3",
                                         "digits-mlp+ln:norm"],
         {**_OWN, "jax": [argument("epsilon", None)]}),
    Trap("B10", ("group-norm-epsilon",), ["waves+gn:norm", "digits-cnn+gn:norm", "shapes-unet+gn:norm"],
         {**_OWN, "jax": [argument("epsilon", None)]}),
    Trap("B10", ("group-norm-groups",), ["waves+gn:norm", "digits-cnn+gn:norm", "shapes-unet+gn:norm"], {
        "torch": [text(r"nn\.GroupNorm\(4,", "nn.GroupNorm(2,")], "jax": [argument("num_groups", "2")]}),
    Trap("B11", ("rms-norm-epsilon",), ["breast-cancer+rms:norm", "digits-mlp+rms:norm", "waves+rms:norm"], {
        "torch": [argument("eps", None)], "jax": [argument("epsilon", "1e-5")]}),
    Trap("B12", ("instance-norm-epsilon",), ["waves+in:norm", "digits-cnn+in:norm", "shapes-unet+in:norm"],
         {**_OWN, "jax": [argument("epsilon", None)]}),
]  # fmt: skip

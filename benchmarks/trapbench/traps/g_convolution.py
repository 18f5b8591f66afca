"""G: convolutions, pools, resizes."""

from benchmarks.trapbench.edits import argument, text, used
from benchmarks.trapbench.traps.base import Trap

_PADDED = r"F\.pad\(([a-z0-9_.(), -]+?), \((0, 1, 0, 1|1, 2)\)\)"

TRAPS = [
    Trap("G1", ("convolution-padding",), ["digits-autoencoder:quartered", "digits-resnet:block2_conv1",
                                          "digits-mobilenet:depthwise2"],
         {"torch": [used(_PADDED, r"\1"), argument("padding", "1")]}),
    Trap("G1", ("convolution-padding",), ["waves+padded:edges"],
         {"torch": [used(_PADDED, r"\1"), argument("padding", "2")]}),
    Trap("G3", ("average-pool-padding",), ["digits-cnn+average-same:shapes_pool", "waves+average-same:swings"],
         {"torch": [argument("count_include_pad", None)], "jax": [text(r",? count_include_pad=False", "")]},
         place="after"),
    Trap("G6", ("pool-padding",), ["digits-cnn+average:strokes_pool"],
         {"torch": [argument("ceil_mode", None), argument("padding", "1")]}, place="after"),
    Trap("G7", ("transposed-convolution-cropping",), ["digits-autoencoder:doubled", "digits-autoencoder:redrawn"],
         {"torch": [used(r"\[:, :, :-1, :-1\]", ""), argument("padding", "1"), argument("output_padding", "1")]}),
    Trap("G7", ("transposed-convolution-cropping",), ["digits-autoencoder:doubled", "digits-autoencoder:redrawn"],
         {"torch": [used(r"\[:, :, :-1, :-1\]", "[:, :, 1:, 1:]")]}, place="after"),
    Trap("G13", ("align-corners",), ["shapes-unet+bilinear:bottom_up"],
         {"torch": [argument("align_corners", "True")]}, place="after"),
    Trap("G18", ("variance-correction",), ["digits-mlp+bn:norm", "breast-cancer+bn:norm", "waves+bn:norm"],
         {"torch": [text(r"correction=0", "correction=1")]}, "loss"),
]  # fmt: skip

"""Pairs of models in PyTorch that differ in one thing, and the trap that it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.functional import leaky_relu as own_name

IMAGES, ROWS, SEQUENCES = (4, 7, 8, 3), (6, 5), (4, 5, 6)
"""Channels last; PyTorch is given images channels first."""


class Calls(nn.Module):
    """A model that calls one function on what its parts give."""

    def __init__(self, function: Callable[..., Any], *parts: nn.Module):
        super().__init__()
        self.function, self.parts = function, nn.ModuleList(parts)

    def forward(self, x: Any) -> Any:
        return self.function(x, *self.parts)


def on_rows(function: Callable[[Any], Any]) -> Callable[[], nn.Module]:
    """A function between two dense layers."""
    return lambda: Calls(lambda x, a, b: b(function(a(9 * x))), nn.Linear(5, 6), nn.Linear(6, 2))


def modules(*makes: Callable[[], nn.Module]) -> Callable[[], nn.Module]:
    """Modules one after the other."""
    return lambda: nn.Sequential(*(make() for make in makes))


def on_images(function: Callable[[Any], Any]) -> Callable[[], nn.Module]:
    """A function on images."""
    return lambda: Calls(lambda x, a: function(a(x)), nn.Conv2d(3, 3, 1))


def conv(**more: Any) -> Callable[[], nn.Module]:
    """A convolution."""
    return lambda: nn.Sequential(nn.Conv2d(3, 4, 3, **more))


def transposed(**more: Any) -> Callable[[], nn.Module]:
    """A transposed convolution."""
    return lambda: nn.Sequential(nn.ConvTranspose2d(3, 4, 4, stride=2, **more))


def resize(**more: Any) -> Callable[[], nn.Module]:
    """A resize to odd sizes."""
    return on_images(lambda x: F.interpolate(x, size=(11, 5), **more))


def norm(make: Callable[[], nn.Module]) -> Callable[[], nn.Module]:
    """A normalisation after a convolution."""
    return lambda: nn.Sequential(nn.Conv2d(3, 4, 1), make())


class Sharper(nn.MultiheadAttention):
    """Attention whose queries are twice as large."""

    def forward(self, query: Any, *args: Any, **kwargs: Any) -> Any:
        return super().forward(2.0 * query, *args, **kwargs)


def attention(
    kind: type[nn.MultiheadAttention] = nn.MultiheadAttention, *, batch_first: bool = True, **more: Any
) -> Callable[[], nn.Module]:
    """A sequence that attends to itself."""

    def make() -> nn.Module:
        torch.manual_seed(0)
        return Calls(lambda x, a: a(x, x, x, **more)[0], kind(6, 2, batch_first=batch_first))

    return make


def later(n: int) -> torch.Tensor:
    """True where a step may not attend to another because it is later."""
    return torch.ones((n, n), dtype=torch.bool).triu(1)


class Given(nn.Module):
    """A function that is given the weights which this module keeps."""

    def __init__(self, function: Callable[..., Any], *shape: int, **weights: Any):
        super().__init__()
        torch.manual_seed(0)
        self.function, self.w = function, nn.Parameter(weights.get("w", 0.3 * torch.randn(shape)))
        self.b = nn.Parameter(weights.get("b", torch.linspace(-1, 1, shape[0])))

    def forward(self, x: Any) -> Any:
        return self.function(x, self.w, self.b)


def given(function: Callable[..., Any], *shape: int) -> Callable[[], nn.Module]:
    """One function with weights."""
    return lambda: nn.Sequential(Given(function, *shape))


def given_norm(function: Callable[..., Any]) -> Callable[[], nn.Module]:
    """A normalisation with weights, of small numbers after a convolution."""
    return lambda: nn.Sequential(nn.Conv2d(3, 4, 1), Given(lambda x, w, b: function(0.01 * x, w, b), 4))


def unequal_padding(x: Any, w: Any, b: Any) -> Any:
    """One place more at the end, as TensorFlow pads."""
    return F.conv2d(F.pad(x, (0, 1, 0, 1)), w, b, 2)


PLANTED = {
    "hard sigmoid by hand, twice": (
        on_rows(lambda x: F.relu6(x + 3.0) / 6.0),
        on_rows(lambda x: torch.clamp(0.2 * x + 0.5, 0.0, 1.0)),
        *("hard-sigmoid-slope", ROWS),
    ),
    "gelu against swish by hand": (on_rows(F.gelu), on_rows(lambda x: x * torch.sigmoid(x)), "activation", ROWS),
    "gelu against its approximation by hand": (
        on_rows(F.gelu),
        on_rows(lambda x: 0.5 * x * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)))),
        *("gelu-approximation", ROWS),
    ),
    "relu against a rounded one": (
        on_rows(F.relu),
        on_rows(lambda x: F.relu(x.float().double())),
        "float32-inside",
        ROWS,
    ),
    "a product rounded before another": (
        on_rows(lambda x: x),
        on_rows(lambda x: x.float().double()),
        *("float32-inside", ROWS),
    ),
    "softmax over the width of images": (
        on_images(lambda x: F.softmax(x, 1)),
        on_images(lambda x: F.softmax(x, -1)),
        *("softmax-axis", IMAGES),
    ),
    "softmax over the channels of images, wanted over the height": (
        on_images(lambda x: F.softmax(x, 2)),
        on_images(nn.Softmax(1)),
        *("softmax-axis", IMAGES),
    ),
    "softmax where relu stands": (on_images(lambda x: F.softmax(x, 1)), on_images(F.relu), "activation", IMAGES),
    "padding of F.conv2d": (
        *(given(unequal_padding, 4, 3, 3, 3), given(lambda x, w, b: F.conv2d(x, w, b, 2, 1), 4, 3, 3, 3)),
        *("convolution-padding", (4, 8, 8, 3)),
    ),
    "strides of F.conv1d": (
        given(lambda x, w, b: F.conv1d(x, w, b, stride=2, padding=1).mean(-1), 4, 6, 3),
        given(lambda x, w, b: F.conv1d(x, w, b, padding=1).mean(-1), 4, 6, 3),
        *("convolution-strides", (3, 6, 6)),
    ),
    "dilation of F.conv2d": (
        given(lambda x, w, b: F.conv2d(x, w, b, padding="same", dilation=2), 4, 3, 3, 3),
        given(lambda x, w, b: F.conv2d(x, w, b, padding="same"), 4, 3, 3, 3),
        *("convolution-dilation", IMAGES),
    ),
    "cropping of F.conv_transpose2d": (
        given(lambda x, w, b: F.conv_transpose2d(x, w, b[:1], 2).mean((2, 3)), 3, 1, 4, 4),
        given(lambda x, w, b: F.conv_transpose2d(x, w, b[:1], 2, 1).mean((2, 3)), 3, 1, 4, 4),
        *("transposed-convolution-cropping", IMAGES),
    ),
    "relu forgotten after F.linear": (
        lambda: nn.Sequential(Given(lambda x, w, b: F.linear(x, w, b).relu(), 6, 5), nn.Linear(6, 2)),
        lambda: nn.Sequential(Given(F.linear, 6, 5), nn.Linear(6, 2)),
        *("activation", ROWS),
    ),
    "other activation after a product": (
        lambda: nn.Sequential(Given(lambda x, w, b: (x @ w.T + b).relu(), 6, 5), nn.Linear(6, 2)),
        lambda: nn.Sequential(Given(lambda x, w, b: torch.tanh(x @ w.T + b), 6, 5), nn.Linear(6, 2)),
        *("activation", ROWS),
    ),
    "epsilon of F.layer_norm": (
        lambda: nn.Sequential(Given(lambda x, w, b: F.layer_norm(0.01 * x, (5,), w, b, eps=1e-3), 5)),
        lambda: nn.Sequential(Given(lambda x, w, b: F.layer_norm(0.01 * x, (5,), w, b), 5)),
        *("layer-norm-epsilon", ROWS),
    ),
    "epsilon of F.batch_norm": (
        given_norm(lambda x, w, b: F.batch_norm(x, None, None, w, b, True, eps=1e-3)),
        given_norm(lambda x, w, b: F.batch_norm(x, None, None, w, b, True)),
        *("batch-norm-epsilon", IMAGES),
    ),
    "groups of F.group_norm": (
        given_norm(lambda x, w, b: F.group_norm(x, 2, w, b)),
        given_norm(lambda x, w, b: F.group_norm(x, 4, w, b)),
        *("group-norm-groups", IMAGES),
    ),
    "slope of leaky_relu, called by a name of its own": (
        *(on_rows(lambda x: own_name(x, 0.3)), on_rows(F.leaky_relu)),
        *("leaky-relu-slope", ROWS),
    ),
    "slope of a leaky ReLU": (
        *(on_rows(nn.LeakyReLU(0.2)), on_rows(nn.LeakyReLU())),
        *("leaky-relu-slope", ROWS),
    ),
    "form of gelu": (on_rows(lambda x: F.gelu(x, approximate="tanh")), on_rows(nn.GELU()), "gelu-approximation", ROWS),
    "relu6 as a method": (on_rows(lambda x: x.relu()), on_rows(F.relu6), "activation", ROWS),
    "forgotten relu": (on_rows(torch.relu), on_rows(lambda x: x), "activation", ROWS),
    "other activation": (on_rows(lambda x: x.clamp(min=0)), on_rows(F.silu), "activation", ROWS),
    "alpha of elu": (on_rows(lambda x: F.elu(x, 0.5)), on_rows(nn.ELU()), "elu-alpha", ROWS),
    "alpha of celu": (on_rows(lambda x: F.celu(x, 0.5)), on_rows(nn.CELU()), "celu-alpha", ROWS),
    "threshold of softplus": (
        *(on_rows(lambda x: F.softplus(9 * x, 1, 0.5)), on_rows(lambda x: F.softplus(9 * x))),
        *("softplus-threshold", ROWS),
    ),
    "axis of softmax": (on_rows(lambda x: x.softmax(0)), on_rows(lambda x: F.softmax(x, 1)), "softmax-axis", ROWS),
    "threshold": (
        *(on_rows(lambda x: F.threshold(x, 0.1, 0.0)), on_rows(lambda x: F.threshold(x, 0.3, 0.0))),
        *("threshold", ROWS),
    ),
    "range of hardtanh": (on_rows(nn.Hardtanh(-2, 2)), on_rows(F.hardtanh), "hard-tanh-range", ROWS),
    "shrinkage": (on_rows(lambda x: F.softshrink(x, 0.2)), on_rows(F.softshrink), "shrink-threshold", ROWS),
    "correction of std": (
        *(on_rows(lambda x: x - x.std(1, keepdim=True)), on_rows(lambda x: x - x.std(1, False, keepdim=True))),
        *("variance-correction", ROWS),
    ),
    "correction of var": (
        *(on_rows(lambda x: x * torch.var(x)), on_rows(lambda x: x * torch.var(x, correction=0))),
        *("variance-correction", ROWS),
    ),
    "same padding with strides": (
        lambda: Calls(lambda x, a: a(F.pad(x, (0, 1, 0, 1))), nn.Conv2d(3, 4, 3, stride=2)),
        lambda: Calls(lambda x, a: a(x), nn.Conv2d(3, 4, 3, stride=2, padding=1)),
        *("convolution-padding", (4, 8, 8, 3)),
    ),
    "dilation": (conv(padding=2, dilation=2), conv(padding=1), "convolution-dilation", IMAGES),
    "mode of padding": (conv(padding=1), conv(padding=1, padding_mode="reflect"), "padding-mode", IMAGES),
    "cropping of a transposed convolution": (
        *(transposed(padding=1), transposed(padding=2, output_padding=1)),
        *("transposed-convolution-cropping", IMAGES),
    ),
    "what is sliced off a transposed convolution": (
        lambda: Calls(lambda x, a: torch.sigmoid(a(x)[:, :, :-1, :-1]), nn.ConvTranspose2d(3, 4, 3, stride=2)),
        lambda: Calls(lambda x, a: torch.sigmoid(a(x)[:, :, 1:, 1:]), nn.ConvTranspose2d(3, 4, 3, stride=2)),
        *("transposed-convolution-cropping", IMAGES),
    ),
    "a slice, and padding with output_padding": (
        lambda: Calls(lambda x, a: torch.sigmoid(a(x)[:, :, :-1, 1:]), nn.ConvTranspose2d(3, 4, 3, stride=2)),
        lambda: Calls(
            lambda x, a: torch.sigmoid(a(x)), nn.ConvTranspose2d(3, 4, 3, stride=2, padding=1, output_padding=1)
        ),
        *("transposed-convolution-cropping", IMAGES),
    ),
    "padding counts in a mean": (
        on_images(lambda x: F.avg_pool2d(x, 3, 2, 1)),
        lambda: Calls(lambda x, a, p: p(a(x)), nn.Conv2d(3, 3, 1), nn.AvgPool2d(3, 2, 1, count_include_pad=False)),
        *("average-pool-padding", IMAGES),
    ),
    "ceil mode": (
        on_images(lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True).mean((2, 3))),
        on_images(lambda x: F.max_pool2d(x, 3, 2).mean((2, 3))),
        *("pool-padding", IMAGES),
    ),
    "steps of a pool": (
        on_images(lambda x: F.max_pool2d(x, 2).mean((2, 3))),
        on_images(lambda x: F.max_pool2d(x, 2, 1).mean((2, 3))),
        *("pool-strides", IMAGES),
    ),
    "window of a pool": (
        on_images(lambda x: F.avg_pool2d(x, 2, 1).mean((2, 3))),
        on_images(lambda x: F.avg_pool2d(x, 3, 1).mean((2, 3))),
        *("pool-window", IMAGES),
    ),
    "nearest": (resize(mode="nearest"), resize(mode="nearest-exact"), "resize-mode", IMAGES),
    "corners": (
        *(resize(mode="bilinear", align_corners=True), resize(mode="bilinear", align_corners=False)),
        *("align-corners", IMAGES),
    ),
    "antialias": (resize(mode="bilinear", antialias=True), resize(mode="bilinear"), "resize-antialias", IMAGES),
    "scale factor": (
        on_images(lambda x: F.interpolate(x, scale_factor=0.4, mode="bilinear")),
        on_images(lambda x: F.interpolate(x, size=(2, 3), mode="bilinear")),
        *("resize-scale", IMAGES),
    ),
    "epsilon of batch norm": (
        *(norm(lambda: nn.BatchNorm2d(4, eps=1e-3)), norm(lambda: nn.BatchNorm2d(4))),
        *("batch-norm-epsilon", IMAGES),
    ),
    "epsilon of group norm": (
        *(norm(lambda: nn.GroupNorm(2, 4, eps=1e-2)), norm(lambda: nn.GroupNorm(2, 4))),
        *("group-norm-epsilon", IMAGES),
    ),
    "epsilon of instance norm": (
        *(norm(lambda: nn.InstanceNorm2d(4, eps=1e-2)), norm(lambda: nn.InstanceNorm2d(4))),
        *("instance-norm-epsilon", IMAGES),
    ),
    "epsilon of RMS norm": (
        modules(lambda: nn.Linear(5, 6), lambda: nn.RMSNorm(6, eps=1e-3)),
        modules(lambda: nn.Linear(5, 6), lambda: nn.RMSNorm(6)),
        *("rms-norm-epsilon", ROWS),
    ),
    "epsilon of layer norm": (
        modules(lambda: nn.Linear(5, 6), lambda: nn.LayerNorm(6, eps=1e-3)),
        modules(lambda: nn.Linear(5, 6), lambda: nn.LayerNorm(6)),
        *("layer-norm-epsilon", ROWS),
    ),
    "causal attention": (attention(attn_mask=later(5)), attention(), "attention-causal", SEQUENCES),
    "attention that is not causal": (attention(), attention(attn_mask=later(5)), "attention-causal", SEQUENCES),
    "causal attention, the time first": (
        *(attention(batch_first=False), attention(batch_first=False, attn_mask=later(4))),
        *("attention-causal", SEQUENCES),
    ),
    "scale of attention": (attention(Sharper), attention(), "attention-scale", SEQUENCES),
    "attention asked otherwise": (attention(need_weights=False), attention(attn_mask=None), "", SEQUENCES),
}

"""What max and average pooling have in common: options, sizes, and how each framework says `same`."""

from __future__ import annotations

from paragone.spelling.code import Construct, construct, literal, unless
from paragone.spelling.entry import Options, PerAxis, per_axis
from paragone.spelling.site import Site
from paragone.spelling.spatial import Padding, Window, brief, spatial_sizes
from paragone.spelling.spelled import Helper, Note
from paragone.task.tensor import Tensor


class Pool(Options):
    """Options of a pool."""

    pool_size: PerAxis = 2
    strides: PerAxis | None = None
    padding: Padding = "valid"


def pool_window(options: Pool, tensor: Tensor) -> Window:
    """The window of a pool: it steps by its own size where no strides are given.

    Raises:
        UnfitError: the options do not go together.
    """
    sizes = spatial_sizes(tensor)
    kernel = per_axis(options.pool_size, len(sizes), "pool_size")
    strides = kernel if options.strides is None else per_axis(options.strides, len(sizes), "strides")
    return Window(sizes, kernel, strides, (1,) * len(sizes), options.padding, "pool_size")


def pool_output(options: Pool, inputs: tuple[Tensor, ...]) -> Tensor:
    """The output of a pool."""
    return Tensor((*pool_window(options, inputs[0]).output, inputs[0].shape[-1]))


def keras_pool(site: Site, kind: str) -> Construct:
    """A pool of Keras: `Max` or `Average`."""
    window = pool_window(site.options, site.inputs[0])
    return construct(
        f"layers.{kind}Pooling{site.rank}D",
        brief(window.kernel),
        strides=unless(brief(window.kernel), brief(window.strides)),
        padding=unless("valid", window.padding),
    )


def keras_pool_3d(name: str, words: str, function: str) -> Helper:
    """A pool over three axes that TensorFlow can compute in float64."""
    source = f'''
def {name}(x, pool_size, strides, padding):
    """{words} pooling over three axes: over height and width first, then over depth."""
    _, depth, height, width, channels = x.shape
    x = ops.reshape(x, (-1, height, width, channels))
    x = {function}(x, pool_size[1:], strides[1:], padding)
    _, height, width, _ = x.shape
    x = ops.reshape(x, (-1, depth, height * width, channels))
    x = {function}(x, (pool_size[0], 1), (strides[0], 1), padding)
    return ops.reshape(x, (-1, x.shape[1], height, width, channels))
'''
    why = Note("C7", "TensorFlow pools over three axes in float32 only")
    return Helper(name, source, why, ("from keras import ops",))


def torch_pool(site: Site, kind: str) -> tuple[Construct, str, tuple[Note, ...]]:
    """A pool of PyTorch (`Max` or `Avg`), its call, and its notes.

    PyTorch pads both sides alike, by at most half a window. A window that needs one more place at the end comes with
    `ceil_mode`; at stride 1 (an even window) the first output of one more place on both sides is left out.
    """
    window = pool_window(site.options, site.inputs[0])
    padding, ceil, skips = _torch_pool_padding(window, site.matched)
    made = construct(
        f"nn.{kind}Pool{site.rank}d",
        brief(window.kernel),
        stride=unless(brief(window.kernel), brief(window.strides)),
        padding=unless(0, brief(padding)),
        ceil_mode=unless(False, ceil),
    )
    cut = ", ".join("1:" if skip else ":" for skip in skips)
    note = Note("G6", 'PyTorch pads both sides alike; "same" pads more at the end')
    call = f"{{layer}}({{0}})[:, :, {cut}]" if any(skips) else "{layer}({0})"
    return made, call, (note,) if ceil or any(skips) else ()


def _torch_pool_padding(window: Window, matched: bool) -> tuple[tuple[int, ...], bool, tuple[bool, ...]]:
    if not matched and window.padding == "same" and window.usual is not None:
        return window.usual, False, (False,) * window.rank
    odd = [before != after for before, after in window.pads]
    skips = tuple(is_odd and stride == 1 for is_odd, stride in zip(odd, window.strides, strict=True))
    padding = tuple(before + skip for (before, _), skip in zip(window.pads, skips, strict=True))
    return padding, any(is_odd and not skip for is_odd, skip in zip(odd, skips, strict=True)), skips


def jax_pool(site: Site, function: str, more: str = "") -> str:
    """The call of a pool of Flax; its windows step by one place unless told (row G5)."""
    window = pool_window(site.options, site.inputs[0])
    strides = f", strides={window.strides}" if max(window.strides) > 1 else ""
    padding = ', padding="SAME"' if window.padding == "same" else ""
    return f"{function}({{0}}, {window.kernel}{strides}{padding}{more})"


class GlobalPool(Options):
    """Options of a pool over everything."""

    keepdims: bool = False


def global_output(options: GlobalPool, inputs: tuple[Tensor, ...]) -> Tensor:
    """The output of a pool over everything."""
    rank = len(spatial_sizes(inputs[0]))
    return Tensor((*(1,) * (rank if options.keepdims else 0), inputs[0].shape[-1]))


def keras_global(site: Site, kind: str) -> Construct:
    """A global pool of Keras: `Max` or `Average`."""
    return construct(f"layers.Global{kind}Pooling{site.rank}D", keepdims=unless(False, site.options.keepdims))


def torch_global(site: Site, method: str) -> str:
    """The call of a global pool in PyTorch: the spatial axes are where the layout has them."""
    first = 2 if site.layout == "first" else 1
    keep = ", keepdim=True" if site.options.keepdims else ""
    return f"{{0}}.{method}({_axes(first, site.rank)}{keep})"


def jax_global(site: Site, method: str) -> str:
    """The call of a global pool in JAX."""
    keep = ", keepdims=True" if site.options.keepdims else ""
    return f"{{0}}.{method}(axis={_axes(1, site.rank)}{keep})"


def _axes(first: int, rank: int) -> str:
    return literal(brief(tuple(range(first, first + rank))))

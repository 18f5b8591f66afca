"""Windows that slide over spatial axes: what convolutions and pools have in common.

`same` is that of TensorFlow everywhere: as many outputs as strides fit into the input, and an odd number of padded
places has one more at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from paragone.spelling.entry import UnfitError, per_axis
from paragone.spelling.spelled import Note
from paragone.task.tensor import Tensor

Pads = tuple[tuple[int, int], ...]
"""For each spatial axis how much comes before and after."""
Padding = Literal["valid", "same"]


def spatial_sizes(tensor: Tensor) -> tuple[int, ...]:
    """The spatial axes of an input.

    Raises:
        UnfitError: it has none, more than three, or no floating numbers.
    """
    if tensor.kind != "float" or not 2 <= len(tensor.shape) <= 4:
        raise UnfitError("an input of floating numbers with one to three spatial axes and channels", tensor.words())
    return tensor.shape[:-1]


def brief(values: tuple[Any, ...]) -> Any:
    """One value for all axes where they are equal: `(3, 3)` as 3."""
    return values[0] if len(set(values)) == 1 else values


@dataclass(frozen=True)
class Window:
    """A window that slides over the spatial axes.

    Args:
        sizes: of the input.
        kernel: of the window, without dilation.
        strides: its steps.
        dilation: distance of its elements.
        padding: `valid`, `same`, or `causal`.
        option: the option that says the window's size.
    """

    sizes: tuple[int, ...]
    kernel: tuple[int, ...]
    strides: tuple[int, ...]
    dilation: tuple[int, ...]
    padding: str
    option: str = "kernel_size"

    @classmethod
    def of(cls, options: Any, tensor: Tensor) -> Window:
        """The window of a convolution, with options `kernel_size`, `strides`, `dilation` and `padding`.

        Raises:
            UnfitError: the options do not go together.
        """
        sizes = spatial_sizes(tensor)
        names = ("kernel_size", "strides", "dilation")
        kernel, strides, dilation = (per_axis(getattr(options, name), len(sizes), name) for name in names)
        if max(strides) > 1 and max(dilation) > 1:
            raise UnfitError("1 where strides are larger than 1", str(brief(dilation)), "dilation")
        return cls(sizes, kernel, strides, dilation, options.padding)

    @property
    def rank(self) -> int:
        """Number of spatial axes."""
        return len(self.sizes)

    @property
    def reach(self) -> tuple[int, ...]:
        """Size of the window with its dilation."""
        return tuple((k - 1) * d + 1 for k, d in zip(self.kernel, self.dilation, strict=True))

    @property
    def area(self) -> int:
        """Number of elements in the window."""
        return Tensor(self.kernel).size

    @property
    def output(self) -> tuple[int, ...]:
        """Sizes of the output.

        Raises:
            UnfitError: the window is larger than the input.
        """
        if self.padding != "valid":
            return tuple(-(-n // s) for n, s in zip(self.sizes, self.strides, strict=True))
        if any(r > n for r, n in zip(self.reach, self.sizes, strict=True)):
            expected = f'a window that fits into {Tensor(self.sizes).words()}, or padding = "same"'
            raise UnfitError(expected, f"one of {Tensor(self.reach).words()}", self.option)
        return self._counts(((0, 0),) * self.rank)

    @property
    def pads(self) -> Pads:
        """What is padded on each side."""
        if self.padding == "valid":
            return ((0, 0),) * self.rank
        if self.padding == "causal":
            return tuple((r - 1, 0) for r in self.reach)
        places = zip(self.sizes, self.reach, self.strides, self.output, strict=True)
        totals = [max((count - 1) * s + r - n, 0) for n, r, s, count in places]
        return tuple((total // 2, total - total // 2) for total in totals)

    @property
    def beyond(self) -> bool:
        """Whether a step of `same` leaves out places at both ends of an axis, as a window of 1 with steps of 3 does."""
        places = zip(self.sizes, self.reach, self.strides, strict=True)
        return self.padding == "same" and any((-(-n // s) - 1) * s + r - n < -1 for n, r, s in places)

    @property
    def usual(self) -> tuple[int, ...] | None:
        """The same number on both sides of each axis, as PyTorch users write it; None if the output would not fit."""
        for both in (tuple(r // 2 for r in self.reach), tuple((r - 1) // 2 for r in self.reach)):
            if self._counts(tuple((p, p) for p in both)) == self.output:
                return both
        return None

    def _counts(self, pads: Pads) -> tuple[int, ...]:
        places = zip(self.sizes, self.reach, self.strides, pads, strict=True)
        return tuple((n + sum(pad) - r) // s + 1 for n, r, s, pad in places)


def torch_padded(pads: Pads, value: str = "{0}") -> str:
    """A call of PyTorch's `F.pad`, which wants the last axis first."""
    numbers = [number for pad in reversed(pads) for number in pad]
    return f"F.pad({value}, ({', '.join(map(str, numbers))}))"


def torch_padding(window: Window, matched: bool) -> tuple[int | str | tuple[int, ...], str]:
    """What a PyTorch convolution pads itself, and the input that it is given.

    PyTorch pads both sides alike, or takes `padding="same"` where nothing is strided; its users write `padding=k // 2`.
    """
    pads, alike = window.pads, all(before == after for before, after in window.pads)
    if window.padding == "causal":
        return 0, torch_padded(pads)
    if alike:
        return brief(tuple(before for before, _ in pads)), "{0}"
    if max(window.strides) == 1:
        return "same", "{0}"
    if not matched and window.usual is not None:
        return brief(window.usual), "{0}"
    return 0, torch_padded(pads)


def keras_padding(window: Window, matched: bool) -> tuple[str, str, tuple[Note, ...]]:
    """The `padding` of a Keras convolution, the input that it is given, and why it is not simply `same`.

    TensorFlow's convolution over three axes takes other places than it should where `same` leaves out places at both
    ends (measured on a CPU, 2.21; row G20).
    """
    if not (matched and window.rank == 3 and window.beyond):
        return window.padding, "{0}", ()
    note = Note("G20", 'TensorFlow takes other places for "same" where the window is smaller than its steps')
    if not any(map(any, window.pads)):
        return "valid", "{0}", (note,)
    return "valid", f"layers.ZeroPadding3D({keras_sides(window.pads)})({{0}})", (note,)


def torch_note(window: Window) -> Note:
    """Why the input of a PyTorch convolution is padded before it."""
    if window.padding == "causal":
        return Note("G16", "PyTorch has no causal padding")
    return Note("G1", 'PyTorch pads both sides alike; "same" with strides pads more at the end')


Amount = Annotated[int, Field(ge=0, le=2**20, strict=True)]
Sides = Amount | tuple[Amount | tuple[Amount, Amount], ...]
"""How much on the sides of the spatial axes: one number, one for each axis, or (before, after) for each axis."""


def sides(value: Sides, rank: int, option: str) -> Pads:
    """Before and after, for each of `rank` axes; with one axis two numbers are before and after.

    Raises:
        UnfitError: another number of them was given.
    """
    if isinstance(value, int):
        return ((value, value),) * rank
    if rank == 1 and len(value) == 2 and all(isinstance(one, int) for one in value):
        return (value,)  # type: ignore[return-value]  # two numbers
    if len(value) != rank:
        expected = f"one number, or {rank}: one for each spatial axis, or (before, after) for each"
        raise UnfitError(expected, f"{len(value)} entries", option)
    return tuple((one, one) if isinstance(one, int) else one for one in value)


def keras_sides(pads: Pads) -> Any:
    """As Keras' padding and cropping take them: one number, one for each axis, or pairs."""
    if len({number for pad in pads for number in pad}) == 1:
        return pads[0][0]
    if len(pads) == 1:
        return pads[0]
    return tuple(before for before, _ in pads) if all(before == after for before, after in pads) else pads

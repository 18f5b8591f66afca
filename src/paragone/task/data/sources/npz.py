"""Arrays in NumPy's `.npz` file. Pickled objects are refused: to read them would be to run a stranger's code."""

from __future__ import annotations

import math
import zipfile
from pathlib import Path

from paragone.errors import InputError
from paragone.task.data.load_text import BESIDE, beside, dtypes, file_name, load_text, quoted
from paragone.task.data.source import Array, RawData, Source, check_size, existing_file, has_suffix, the_file

_DAMAGE = (OSError, ValueError, EOFError, MemoryError, zipfile.BadZipFile, NotImplementedError)


def _read(text: str) -> RawData:
    path = existing_file(text)
    try:
        with zipfile.ZipFile(path) as archive:
            total_bytes = sum(_member_bytes(archive, info, path) for info in archive.infolist())
            check_size(total_bytes, str(path))
            return RawData({info.filename[:-4]: _array(archive, info) for info in archive.infolist()})
    except _DAMAGE as error:
        raise InputError(
            "The .npz file cannot be read.",
            where=str(path),
            expected="a file that numpy.savez wrote",
            received=str(error) or type(error).__name__,
        ) from error


def _member_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> int:
    """Size of one array as its header has it, with nothing read but the header."""
    from numpy.lib import format as npy

    if not info.filename.endswith(".npy"):
        raise InputError(
            "The .npz file holds something that is no array.",
            where=str(path),
            expected="arrays that numpy.savez wrote",
            received=info.filename,
        )
    with archive.open(info) as stream:
        read_header = npy.read_array_header_1_0 if npy.read_magic(stream) == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = read_header(stream)
    if dtype.hasobject:
        raise InputError(
            f"The array '{info.filename[:-4]}' holds pickled Python objects.",
            where=str(path),
            expected="numbers",
            received="pickled objects, which can run code when they are loaded",
            next_step="save it as an array of numbers: array.astype(float), or one array a column",
        )
    return max(math.prod(shape) * dtype.itemsize, info.file_size)


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Array:
    from numpy.lib import format as npy

    with archive.open(info) as stream:
        array: Array = npy.read_array(stream, allow_pickle=False)
    return array


def _script(text: str) -> str:
    arrays = _read(text).arrays
    given = {name.removesuffix("_train"): name for name in arrays}
    wanted = dtypes(arrays, text)
    reading = [f"    {name} = file[{quoted(given[name])}].astype({dtype})" for name, dtype in wanted.items()]
    lines = [*BESIDE, f"with np.load({beside(text)}) as file:", *reading]
    return load_text(f"The arrays of {file_name(text)}", lines, list(wanted))


SOURCE = Source(
    name="FILE.npz",
    summary="arrays x and y (several: x0, x1, … and y0, y1, …), with x_test and y_test if there is a test set",
    accepts=has_suffix(".npz"),
    read=_read,
    script=_script,
    files=the_file,
)

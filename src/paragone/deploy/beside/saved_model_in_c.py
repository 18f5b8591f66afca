"""A SavedModel in TensorFlow's C API, called from Python without TensorFlow's Python runtime in between.

https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/c/c_api.h
"""

from __future__ import annotations

import ctypes
import json
from collections.abc import Mapping
from ctypes import POINTER, c_char_p, c_int, c_int64, c_size_t, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
SIGNATURE = "serving_default"


class _Output(ctypes.Structure):
    """`TF_Output`."""

    _fields_ = [("operation", c_void_p), ("index", c_int)]


class _Buffer(ctypes.Structure):
    """`TF_Buffer`."""

    _fields_ = [("data", c_void_p), ("length", c_size_t), ("deallocator", c_void_p)]


_WAYS: dict[str, tuple[Any, list[Any]]] = {
    "TF_NewStatus": (c_void_p, []),
    "TF_GetCode": (c_int, [c_void_p]),
    "TF_Message": (c_char_p, [c_void_p]),
    "TF_DeleteStatus": (None, [c_void_p]),
    "TF_NewGraph": (c_void_p, []),
    "TF_NewSessionOptions": (c_void_p, []),
    "TF_NewBuffer": (POINTER(_Buffer), []),
    "TF_LoadSessionFromSavedModel": (
        c_void_p,
        [c_void_p, c_void_p, c_char_p, POINTER(c_char_p), c_int, c_void_p, POINTER(_Buffer), c_void_p],
    ),
    "TF_GraphOperationByName": (c_void_p, [c_void_p, c_char_p]),
    "TF_AllocateTensor": (c_void_p, [c_int, POINTER(c_int64), c_int, c_size_t]),
    "TF_TensorData": (c_void_p, [c_void_p]),
    "TF_TensorByteSize": (c_size_t, [c_void_p]),
    "TF_TensorType": (c_int, [c_void_p]),
    "TF_NumDims": (c_int, [c_void_p]),
    "TF_Dim": (c_int64, [c_void_p, c_int]),
    "TF_DeleteTensor": (None, [c_void_p]),
    "TF_SessionRun": (
        None,
        [
            *(c_void_p, c_void_p, POINTER(_Output), POINTER(c_void_p), c_int, POINTER(_Output), POINTER(c_void_p)),
            *(c_int, c_void_p, c_int, c_void_p, c_void_p),
        ],
    ),
}
"""What is called, with its types: what it gives, and what it takes."""


@dataclass(frozen=True)
class Tensor:
    """An input or output of the signature: its name there, its tensor, its type and its shape (-1: any size)."""

    name: str
    tensor: str
    dtype: Any
    shape: tuple[int, ...]


class Model:
    """A SavedModel's signature `serving_default`.

    Args:
        folder: with `saved_model.pb`.

    Raises:
        RuntimeError: TensorFlow does not load it.
    """

    def __init__(self, folder: Path):
        import tensorflow  # its library, and the messages that describe a SavedModel
        from tensorflow.core.protobuf import meta_graph_pb2

        self._c = _library(Path(tensorflow.__file__).parent)
        self._graph = self._c.TF_NewGraph()
        described = self._c.TF_NewBuffer()
        tags = (c_char_p * 1)(b"serve")
        options = self._c.TF_NewSessionOptions()
        self._session = self._told(
            "TF_LoadSessionFromSavedModel", options, None, str(folder).encode(), tags, 1, self._graph, described
        )
        text = ctypes.string_at(described.contents.data, described.contents.length)
        self.signature = meta_graph_pb2.MetaGraphDef.FromString(text).signature_def[SIGNATURE]
        self.inputs = _tensors(self.signature.inputs)
        self.outputs = _tensors(self.signature.outputs)
        self._sources, self._sinks = (self._places(each) for each in (self.inputs, self.outputs))

    def run(self, inputs: Mapping[str, Any]) -> dict[str, Array]:
        """Outputs by name; several threads may ask at once.

        Args:
            inputs: arrays or nested lists by name.

        Raises:
            ValueError: an input is missing, unknown or of another rank.
            RuntimeError: TensorFlow does not compute it.
        """
        if set(inputs) != {each.name for each in self.inputs}:
            raise ValueError(f"inputs are {', '.join(each.name for each in self.inputs)}; {', '.join(inputs)} came")
        given = (c_void_p * len(self.inputs))(*(self._filled(each, inputs[each.name]) for each in self.inputs))
        found = (c_void_p * len(self.outputs))()
        try:
            self._told(
                "TF_SessionRun", self._session, None, self._sources, given, len(given), self._sinks, found, len(found),
                None, 0, None,
            )  # fmt: skip
            return {each.name: self._read(tensor, each) for each, tensor in zip(self.outputs, found, strict=True)}
        finally:
            for tensor in (*given, *found):
                if tensor:
                    self._c.TF_DeleteTensor(tensor)

    def described(self) -> dict[str, Any]:
        """The signature, as TF Serving's page of metadata says it."""
        from google.protobuf.json_format import MessageToJson

        return {"signature_def": {"signature_def": {SIGNATURE: json.loads(MessageToJson(self.signature))}}}

    def _filled(self, wanted: Tensor, given: Any) -> Any:
        array = np.ascontiguousarray(given, dtype=wanted.dtype)
        if array.ndim != len(wanted.shape):
            raise ValueError(f"{wanted.name} has {len(wanted.shape)} axes; one with {array.ndim} came")
        dims = (c_int64 * array.ndim)(*array.shape)
        tensor = self._c.TF_AllocateTensor(_code(wanted.dtype), dims, array.ndim, array.nbytes)
        ctypes.memmove(self._c.TF_TensorData(tensor), array.ctypes.data, array.nbytes)
        return tensor

    def _read(self, tensor: Any, wanted: Tensor) -> Array:
        shape = [self._c.TF_Dim(tensor, axis) for axis in range(self._c.TF_NumDims(tensor))]
        text = ctypes.string_at(self._c.TF_TensorData(tensor), self._c.TF_TensorByteSize(tensor))
        return np.frombuffer(text, dtype=wanted.dtype).reshape(shape)

    def _places(self, tensors: list[Tensor]) -> Any:
        named = [each.tensor.rpartition(":") for each in tensors]
        return (_Output * len(tensors))(
            *(
                _Output(self._c.TF_GraphOperationByName(self._graph, name.encode()), int(index))
                for name, _, index in named
            )
        )

    def _told(self, way: str, *given: Any) -> Any:
        """Call a function that says how it went, and raise what it says."""
        status = self._c.TF_NewStatus()
        try:
            found = getattr(self._c, way)(*given, status)
            if self._c.TF_GetCode(status):
                raise RuntimeError(self._c.TF_Message(status).decode(errors="replace"))
            return found
        finally:
            self._c.TF_DeleteStatus(status)


def _library(folder: Path) -> Any:
    ctypes.CDLL(str(folder / "libtensorflow_framework.so.2"), ctypes.RTLD_GLOBAL)
    library = ctypes.CDLL(str(folder / "libtensorflow_cc.so.2"))
    for name, (gives, takes) in _WAYS.items():
        way = getattr(library, name)
        way.restype, way.argtypes = gives, takes
    return library


def _tensors(described: Any) -> list[Tensor]:
    import tensorflow as tf

    return [
        Tensor(
            name, one.name, tf.dtypes.as_dtype(one.dtype).as_numpy_dtype, tuple(d.size for d in one.tensor_shape.dim)
        )
        for name, one in sorted(described.items(), key=lambda item: (len(item[0]), item[0]))
    ]


def _code(dtype: Any) -> int:
    import tensorflow as tf

    return int(tf.dtypes.as_dtype(dtype).as_datatype_enum)

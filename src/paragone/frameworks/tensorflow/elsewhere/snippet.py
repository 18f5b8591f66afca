"""The beginning of a snippet in Keras on another backend than TensorFlow's; `paragone.prove.snippet` fills it in."""

from __future__ import annotations

from paragone.frameworks.tensorflow.snippet import TEMPLATE

_CHANGES = {
    'os.environ.setdefault("KERAS_BACKEND", "tensorflow")\nos.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")\n': (
        'os.environ["KERAS_BACKEND"] = "BACKEND"\n'
    ),
    "import keras\nimport tensorflow as tf\nfrom safetensors.tensorflow import load_file, save_file\n": (
        "import keras\nfrom keras.src.backend.common import dtypes\n"
        "from safetensors.numpy import load_file, save_file\n"
    ),
    'keras.config.set_floatx("float64")\nsaved = load_file(HERE / "{arrays}")\n': (
        'keras.config.set_floatx("float64")\n'
        'dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"  # Keras computes products of float64 in float32\n'
        'arrays = load_file(HERE / "{arrays}")\n'
        "saved = {{name: keras.ops.convert_to_tensor(array) for name, array in arrays.items()}}\n"
    ),
    "weights = [saved[name].numpy() for name": "weights = [arrays[name] for name",
    "results = [one for one in tf.nest.flatten(run()) if tf.is_tensor(one)]\n": (
        "results = [keras.ops.convert_to_numpy(one) for one in keras.tree.flatten(run()) if keras.ops.is_tensor(one)]\n"
    ),
    "result.numpy().reshape(-1)": "result.reshape(-1)",
}
_JAX = {
    "import keras\nfrom keras.src": (
        'import jax\n\njax.config.update("jax_enable_x64", True)\nimport keras\nfrom keras.src'
    )
}


def template_on(backend: str) -> str:
    """The text for a backend: that of TensorFlow's, with Keras' own functions in the place of TensorFlow's."""
    text = TEMPLATE
    for own, other in {**_CHANGES, **(_JAX if backend == "jax" else {})}.items():
        assert own in text
        text = text.replace(own, other)
    return text.replace("BACKEND", backend).replace(f"KERAS_{backend}", "KERAS_BACKEND")

"""Keras on TensorFlow, as the orchestrator knows it."""

from __future__ import annotations

from paragone.frameworks.descriptor import Descriptor, Elsewhere

DESCRIPTOR = Descriptor(
    id="tensorflow",
    title="Keras on TensorFlow",
    modules=("tensorflow", "keras", "tf_keras"),
    distributions=("tensorflow", "keras"),
    install="pip install tensorflow",
    worker="paragone.frameworks.tensorflow.worker",
    backend="tensorflow",
    probe="paragone.frameworks.tensorflow.probe",
    recipe="paragone.frameworks.tensorflow.recipe",
    side_file="keras_side.py",
    formats="paragone.frameworks.tensorflow.formats",
    elsewhere={
        "torch": Elsewhere(
            title="Keras on PyTorch",
            distributions=("keras", "torch"),
            install="pip install keras torch",
            worker="paragone.frameworks.tensorflow.elsewhere.torch.worker",
        ),
        "jax": Elsewhere(
            title="Keras on JAX",
            distributions=("keras", "jax", "jaxlib"),
            install="pip install keras jax",
            worker="paragone.frameworks.tensorflow.elsewhere.jax.worker",
        ),
    },
)

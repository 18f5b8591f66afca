"""Keras on the backends that are not TensorFlow's; nothing in here imports TensorFlow."""

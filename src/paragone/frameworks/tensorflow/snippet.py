"""The beginning of a snippet in Keras; the text is filled in by `paragone.prove.snippet`."""

TEMPLATE = """\
import importlib.util
import inspect
import os
import sys
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import tensorflow as tf
from safetensors.tensorflow import load_file, save_file

HERE = Path(__file__).resolve().parent
keras.config.set_floatx("float64")
saved = load_file(HERE / "{arrays}")

# The side's own file makes the model.
sys.path[:0] = [str(HERE), str(Path.cwd())]
source = importlib.util.spec_from_file_location("side", HERE / "{file}")
side = importlib.util.module_from_spec(source)
sys.modules["side"] = side
source.loader.exec_module(side)
model = side.{model}
if inspect.isroutine(model) or inspect.isclass(model):
    model = model()
if isinstance(model, tuple):
    model = next(part for part in model if isinstance(part, keras.Model))


def all_layers(owner):
    for layer in owner._flatten_layers(include_self=False, recursive=False):
        yield layer
        yield from all_layers(layer)


# By their place among the layers: a layer's automatic name depends on what else was made.
places = {modules}
layers = [model, *dict.fromkeys(all_layers(model))]


def module_at(path):
    return layers[places[path]]


{run}


run()  # a layer makes its weights when it is called first; then they get the values that both sides start from
for path in places:
    begin = f"state/{{path}}/"
    weights = [saved[name].numpy() for name in sorted(saved) if name.startswith(begin)]
    if weights:
        module_at(path).set_weights(weights)
results = [one for one in tf.nest.flatten(run()) if tf.is_tensor(one)]
for number, result in enumerate(results):
    print(f"{side} gives, of shape {{tuple(result.shape)}}:", result.numpy().reshape(-1)[:8].tolist(), "…")
save_file({{str(number): result for number, result in enumerate(results)}}, str(HERE / "{out}"))
"""

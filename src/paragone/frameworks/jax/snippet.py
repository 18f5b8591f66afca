"""The beginning of a snippet in Flax NNX; the text is filled in by `paragone.prove.snippet`."""

TEMPLATE = """\
import importlib.util
import inspect
import sys
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
from flax import nnx
from safetensors.flax import load_file, save_file

HERE = Path(__file__).resolve().parent
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
    model = next((part for part in model if isinstance(part, nnx.Module)), model)
if isinstance(model, nnx.Module):
    model.eval()


def module_at(path):
    found = model
    for part in filter(None, path.split(".")):
        found = found[int(part)] if part.isdigit() else getattr(found, part)
    return found


# The weights that both sides start from, in float64.
for path in {modules}:
    begin = f"state/{{path}}/"
    for _, module in nnx.iter_modules(module_at(path)):
        for name in ("dtype", "param_dtype"):
            if getattr(module, name, None) is not None:
                setattr(module, name, jnp.dtype("float64"))
    for name, array in saved.items():
        if name.startswith(begin):
            *owner, last = name.removeprefix(begin).split(".")
            getattr(module_at(".".join([path, *owner])), last).set_value(array)


{run}


results = [one for one in jax.tree.leaves(run()) if isinstance(one, jax.Array)]
for number, result in enumerate(results):
    print(f"{side} gives, of shape {{tuple(result.shape)}}:", result.reshape(-1)[:8].tolist(), "…")
save_file({{str(number): result for number, result in enumerate(results)}}, HERE / "{out}")
"""

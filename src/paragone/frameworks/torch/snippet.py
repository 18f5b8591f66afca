"""The beginning of a snippet in PyTorch; the text is filled in by `paragone.prove.snippet`."""

TEMPLATE = """\
import importlib.util
import inspect
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

HERE = Path(__file__).resolve().parent
torch.set_default_dtype(torch.float64)
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
    model = next(part for part in model if isinstance(part, torch.nn.Module))
model = model.double().eval()

# The weights that both sides start from.
for path in {modules}:
    begin = f"state/{{path}}/"
    weights = {{name.removeprefix(begin): array for name, array in saved.items() if name.startswith(begin)}}
    model.get_submodule(path).load_state_dict(weights, strict=False)


def module_at(path):
    return model.get_submodule(path)


{run}


with torch.no_grad():
    results = run()
results = [one for one in results if torch.is_tensor(one)]
for number, result in enumerate(results):
    print(f"{side} gives, of shape {{tuple(result.shape)}}:", result.flatten()[:8].tolist(), "…")
save_file({{str(number): result.contiguous() for number, result in enumerate(results)}}, HERE / "{out}")
"""

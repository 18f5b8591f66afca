"""Print the devices that PyTorch sees, as a JSON list."""

from __future__ import annotations

import json

import torch

if __name__ == "__main__":
    gpus = [f"cuda:{index} {torch.cuda.get_device_name(index)}" for index in range(torch.cuda.device_count())]
    print(json.dumps(["cpu:0", *gpus, *(["mps"] if torch.backends.mps.is_available() else [])]))

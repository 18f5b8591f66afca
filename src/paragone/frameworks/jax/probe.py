"""Print the devices that JAX sees, as a JSON list."""

from __future__ import annotations

import json

import flax.nnx  # noqa: F401 (that it can be imported is part of the answer)
import jax
import optax  # noqa: F401

if __name__ == "__main__":
    print(json.dumps([f"{device.platform}:{device.id}" for device in jax.devices()]))

"""Print the devices that TensorFlow sees, as a JSON list."""

from __future__ import annotations

import json

import tensorflow as tf

if __name__ == "__main__":
    kinds = [device.device_type.lower() for device in tf.config.list_physical_devices()]
    print(json.dumps([f"{kind}:{kinds[:place].count(kind)}" for place, kind in enumerate(kinds)]))

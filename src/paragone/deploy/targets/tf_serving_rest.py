"""TF Serving over REST: https://www.tensorflow.org/tfx/serving/api_rest.

Its server is on no package index, so `tf_serving.py` beside this file says which one is asked: one that you name, one
that we start, or a stand-in, which is told.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "TF Serving, REST"
FORMATS = ("saved_model",)
PACKAGES = ("tensorflow", "tensorflow-serving-api")
BESIDE = (
    "serving.py",
    "tf_serving.py",
    "tf_serving_stand_in.py",
    "saved_model_in_c.py",
    "serve_with_tf_serving.sh",
)
DEPENDS = ("$PARAGONE_TF_SERVING", "tensorflow_model_server")
SERVES = True
WAY = "rest"

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """Start the server where we have to; what asks it."""
    sys.path.insert(0, str(folder))
    from tf_serving import asked_over

    server: Callable[[Sequence[Array]], list[Array]] = asked_over(folder, WAY)
    return server

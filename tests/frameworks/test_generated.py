"""What AutoGraph writes does not stay in the folder for temporary files, also where a process is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CODE = """
import os, traceback
import tensorflow as tf
from paragone.frameworks.tensorflow.generated import leave_no_files

leave_no_files()
leave_no_files()


@tf.function
def halved(x):
    while x > 1.0:
        x = x / 2.0
    return x


@tf.function
def failing(x):
    if tf.reduce_any(x > 0.0):
        raise ValueError("positive")
    return x


print(float(halved(tf.constant(40.0))))
try:
    failing(tf.constant([1.0]))
except Exception as error:
    print("failing(" in "".join(traceback.format_exception(error)), flush=True)
os._exit(0)
"""


def test_nothing_stays(tmp_path: Path) -> None:
    file = tmp_path / "side.py"
    file.write_text(CODE, encoding="utf-8")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = subprocess.run(
        [sys.executable, str(file)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    assert done.stdout.splitlines()[:2] == ["0.625", "True"], done.stderr
    assert list(scratch.iterdir()) == []

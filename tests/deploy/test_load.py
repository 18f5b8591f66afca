"""Servers under load: every request counts from when it was due, and an order is told only where the runs agree."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paragone.deploy import load_host
from paragone.deploy.under_load import AGREE, RUNS, orders
from paragone.errors import InputError
from paragone.options import CompareOptions
from paragone.records import LoadRun, ServerLoad

STALLS = """
import threading, time

class Server:
    def __init__(self):
        self.lock, self.asked = threading.Lock(), 0

    def body(self, inputs):
        return inputs[0].tolist()

    def sender(self):
        def send(body):
            with self.lock:  # one after the other, as a server with one worker does
                self.asked += 1
                if self.asked == 60:
                    time.sleep(0.6)
                if self.asked == 70:
                    raise RuntimeError("no answer today")
        return send


def load(folder):
    return Server()
"""


def loaded(folder: Path, script: str, rates: list[float], seconds: float) -> dict[str, Any]:
    """What the program says of a made-up server."""
    (folder / "script.py").write_text(script, encoding="utf-8")
    inputs: dict[str, Any] = {"x0": np.ones((3, 2), "float32"), "y0": np.ones((3, 1), "float32")}
    np.savez(folder / "example.npz", **inputs)
    request = {
        **{"script": str(folder / "script.py"), "folder": str(folder), "example": str(folder / "example.npz")},
        **{"rates": rates, "seconds": seconds, "seed": [0, 1], "answer": str(folder / "said.json")},
    }
    (folder / "ask.json").write_text(json.dumps(request), encoding="utf-8")
    command = [sys.executable, "-P", load_host.__file__, str(folder / "ask.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads((folder / "said.json").read_text(encoding="utf-8"))
    return said


def test_requests_that_were_due_while_the_server_stood_still_have_waited(tmp_path: Path) -> None:
    """Of 100 a second, some 60 are due in the 0.6 s; a load that waits for its answers would count one."""
    said = loaded(tmp_path, STALLS, [100.0], 2.0)
    (one,) = said["rates"].values()
    took_s = np.array(one["took_s"])
    assert one["sent"] == 200 and one["failed"] == 1 and "no answer today" in one["why"]
    assert len(took_s) == 199 and took_s.min() >= 0
    assert (took_s > 0.1).sum() >= 25


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    said = loaded(tmp_path, "def load(folder):\n    raise OSError('no such model')\n", [10.0], 0.5)
    assert said == {"why": "OSError: no such model"}


def server(name: str, times: list[float], answered: int = 100) -> ServerLoad:
    """A server with one rate."""
    runs = tuple(
        LoadRun(
            rate_per_s=10, run=run, offered_per_s=10, sent=100, answered=answered, failed=0, answered_per_s=10,
            p50_s=took, p90_s=took, p99_s=2 * took,
        )
        for run, took in enumerate(times)
    )  # fmt: skip
    return ServerLoad(side="torch", target=name, title=name.title(), runs=runs)


@given(
    st.lists(st.floats(1e-4, 10), min_size=2, max_size=4, unique=True),
    st.lists(st.floats(0, AGREE / 2 * 0.99), min_size=RUNS, max_size=RUNS),
)
def test_servers_whose_runs_agree_stand_in_the_order_of_their_medians(mids: list[float], noise: list[float]) -> None:
    servers = [server(f"s{place}", [mid * (1 + each) for each in noise]) for place, mid in enumerate(mids)]
    for found in orders(servers, [10]):
        assert not found.withheld
        assert found.order == tuple(f"s{place}" for place in np.argsort(mids, kind="stable"))


def test_an_order_is_withheld_where_the_runs_of_one_do_not_agree() -> None:
    steady, restless = server("steady", [1.0] * RUNS), server("restless", [2.0] * (RUNS - 1) + [2.5])
    for found in orders([steady, restless], [10]):
        assert not found.order and "Restless lie 25 % apart" in found.withheld


@pytest.mark.parametrize("weak", [server("weak", [2.0] * RUNS, answered=98), server("weak", [2.0] * (RUNS - 1))])
def test_an_order_is_withheld_where_one_did_not_keep_up_or_did_not_run(weak: ServerLoad) -> None:
    for found in orders([server("steady", [1.0] * RUNS), weak], [10]):
        assert not found.order and "Weak did not keep up" in found.withheld


def test_one_server_has_no_order() -> None:
    assert orders([server("alone", [1.0] * RUNS)], [10]) == ()


@pytest.mark.parametrize("rates", ["fast", "0", "-1", "nan", "inf", "5000", ",".join(map(str, range(1, 12)))])
def test_rates_are_checked(rates: str) -> None:
    with pytest.raises(InputError, match="--load"):
        CompareOptions(sides=("a.py",), load=tuple(rates.split(",")))


def test_rates_ascend() -> None:
    assert CompareOptions(sides=("a.py",), load=("50", "10", "50.0")).load_rates == (10.0, 50.0)

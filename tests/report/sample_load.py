"""Servers under load made up for the tests of the report."""

from __future__ import annotations

from paragone.deploy.under_load import orders
from paragone.records import Load, LoadRun, Run, ServerLoad

from .sample_artifacts import deployed_alone

RATES = (10.0, 50.0, 200.0)
SERVERS = {
    "tf_serving_rest": ("TF Serving, REST", 1.4e-3),
    "litserve": ("LitServe (ONNX Runtime)", 2.5e-3),
    "bentoml": ("BentoML (ONNX Runtime)", 6e-3),
}


def server(side: str, target: str, *, apart: float = 0.02, held: bool = True, why: str = "") -> ServerLoad:
    """One server of one side: the more it is asked the longer it takes, and its runs lie apart."""
    title, took_s = SERVERS[target]
    runs = []
    for rate in RATES:
        for run in range(5):
            p50_s = took_s * (1 + rate / 100) * (1 + apart * run / 4)
            answered = round(4 * rate) if held or rate < 200 else round(2 * rate)
            runs.append(
                LoadRun(
                    rate_per_s=rate, run=run, offered_per_s=rate * 1.01, sent=round(4 * rate), answered=answered,
                    failed=0, answered_per_s=answered / 4, p50_s=p50_s, p90_s=2 * p50_s, p99_s=4 * p50_s,
                )
            )  # fmt: skip
    return ServerLoad(
        side=side, target=target, title=title, runs=tuple(runs), why=why, log=f"logs/{side}-{target}-load.log"
    )


def load(*servers: ServerLoad) -> Load:
    """Of these, with their orders."""
    return Load(rates_per_s=RATES, seconds=4, runs=5, servers=servers, orders=orders(servers, RATES))


def loaded_alone() -> Run:
    """What `paragone deploy --load` leaves: one side whose servers agree, and one with a restless and a slow server."""
    servers = (
        *(server("keras_side", target) for target in SERVERS),
        server("torch_side", "litserve", apart=0.3),
        server(
            "torch_side", "bentoml", held=False, why="RuntimeError: the server ended (exit code 1) before it answered"
        ),
    )
    return deployed_alone().model_copy(update={"load": load(*servers)})

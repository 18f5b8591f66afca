"""Artifacts made up for the tests of the report: three sides in targets with every verdict."""

from __future__ import annotations

from paragone.records import Accuracy, Artifact, ArtifactProcess, ArtifactVerdict, CaseGap, Latency, Run

from .sample import NAMES, bare_run, full_run, side

P50_S = {"keras_side": 8e-6, "torch_side": 6.4e-5, "jax_side": 2.6e-4}
TARGETS: dict[str, tuple[str, ArtifactVerdict, str]] = {
    "onnxruntime": ("ONNX Runtime", "same", ""),
    "litert_int8": ("LiteRT, int8", "quantised", ""),
    "openvino": ("OpenVINO", "less precise", "it computes in about bfloat16, not in float32: 0.0021 from its side"),
    "wrong": ("Wrong Runtime", "different", "on 'small' it is 0.31 from its side; rounding makes 2.1e-06 at most"),
    "tensorflow": ("TensorFlow (SavedModel)", "refused", "PyTorch writes no SavedModel"),
    "litert": ("LiteRT", "refused", "PyTorch writes no SavedModel"),
    "jax_export": ("jax.export", "failed", "2 of 6 kinds of input are not computed; 'one': ValueError: no batch of 1"),
    "aot_inductor": ("AOTInductor", "not run", "not run here: needs a C++ compiler"),
}


def artifact(side_name: str, target: str) -> Artifact:
    """One side in one of the targets."""
    title, verdict, why = TARGETS[target]
    blank = Artifact(side=side_name, target=target, title=title, verdict=verdict, why=why)
    if verdict in ("refused", "not run"):
        return blank
    written = blank.model_copy(
        update={
            "format": "onnx",
            "runtime": f"{target} 1.2.3",
            "cases": _cases(verdict),
            "size_bytes": 209_884,
            "packages": {target: "1.2.3"},
            "folder": f"artifacts/{side_name}/onnx",
            "script": f"{target}.py",
            "log": f"logs/{side_name}-{target}.log",
            "sha256": "cd" * 32,
        }
    )
    return written if verdict == "failed" else written.model_copy(update=_measured(side_name, verdict))


def _measured(side_name: str, verdict: ArtifactVerdict) -> dict[str, object]:
    quantised, p50 = verdict == "quantised", P50_S.get(side_name, 1e-4)
    lost = 0.0056 if quantised else 0.0
    return {
        "precision": "int8" if quantised else "float32",
        "max_rel": 0.31 if verdict == "different" else 0.0021,
        "where": "small",
        "cold_start_s": 0.42,
        "peak_memory_bytes": 57 << 20,
        "latency_s": Latency(p50=p50, p99=3 * p50, n=150_680),
        "processes": tuple(_process(p50, by) for by in (0.8, 1.0, 1.25)),
        "throughput_per_s": 282_324.5,
        "throughput_batch": 32,
        "facts": {"arena_bytes": 29_264.0, "operators": 7.0},
        "accuracy": Accuracy(
            side=0.9359, artifact=0.9359 - lost, lost=lost, low=lost - 0.0084, high=lost + 0.0084, rows=359
        ),
    }


def _process(p50: float, by: float) -> ArtifactProcess:
    return ArtifactProcess(
        cold_start_s=0.42 * by,
        peak_memory_bytes=round((57 << 20) / max(by, 1 / by)),
        latency_s=Latency(p50=p50 * by, p99=3 * p50 * by, n=50_226),
        throughput_per_s=282_324.5 / by,
    )


def _cases(verdict: ArtifactVerdict) -> tuple[CaseGap, ...]:
    far = {"same": 3e-7, "quantised": 0.01, "less precise": 0.0021, "different": 0.31}.get(verdict)
    one = CaseGap(name="one", rows=1, max_rel=far, floor=2.1e-7, tolerance=2.1e-6)
    refused = one.model_copy(update={"max_rel": None, "why": "ValueError: no batch of 1"})
    return (refused if far is None else one, CaseGap(name="small", rows=7, max_rel=1e-7, floor=2e-7, tolerance=2e-6))


def artifacts(names: tuple[str, ...] = NAMES) -> tuple[Artifact, ...]:
    """Every side in every target."""
    return tuple(artifact(name, target) for name in names for target in TARGETS)


def deployed_alone(n_sides: int = 3) -> Run:
    """What `paragone deploy` leaves."""
    names = NAMES[:n_sides]
    return bare_run().model_copy(update={"sides": tuple(map(side, names)), "artifacts": artifacts(names)})


def compared_and_deployed() -> Run:
    """What `paragone compare --to all` leaves."""
    return full_run().model_copy(update={"artifacts": artifacts()})

"""A certificate holds as long as no byte is changed; a forgery with the right hashes is found by deriving the proof."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from paragone.certify.check import check
from paragone.certify.compare import unlike
from paragone.certify.words import lines
from paragone.certify.write import canonical, covered, seal
from paragone.errors import InputError
from paragone.folder import CERTIFICATE
from paragone.records import Run
from paragone.records.certificate import Certificate
from paragone.saved import write_page

from .conftest import SmallRun


@pytest.fixture(scope="module")
def original(small_run: SmallRun, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a finished run that these tests may disturb, as long as they put it right again."""
    folder = tmp_path_factory.mktemp("certified") / "small"
    shutil.copytree(small_run.folder, folder)
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    shutil.copytree(original, tmp_path / "small")
    return tmp_path / "small"


def certificate_of(folder: Path) -> Certificate:
    return Certificate.model_validate_json((folder / CERTIFICATE).read_bytes())


def sealed(folder: Path, **changes: Any) -> None:
    """Forge the certificate: with these changes, the hashes of the files as they are now, and a seal that fits."""
    certificate = certificate_of(folder)
    files = tuple(covered(folder, one.path) for one in certificate.files)
    forged = certificate.model_copy(update={"files": files, **changes})
    (folder / CERTIFICATE).write_bytes(canonical(forged.model_copy(update={"seal": seal(forged)})))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_holds_and_the_proof_is_derived_again_without_touching_anything(original: Path) -> None:
    before = contents(original)
    checked = check(original)
    assert checked.holds
    assert checked.derived == "equal"
    assert checked.verdict == "different"
    assert checked.problems == checked.versions == ()
    assert checked.files == len(certificate_of(original).files)
    assert contents(original) == before


def test_it_covers_what_the_proof_rests_on(original: Path, small_run: SmallRun) -> None:
    certificate = certificate_of(original)
    names = {one.path for one in certificate.files}
    assert {"run.json", "report.html", "data.safetensors", "start.safetensors"} <= names
    assert {"sides/torch/torch_side.py", "sides/jax/jax_side.py", "samples/outcomes.csv"} <= names
    for kind in ("describe", "draw", "trace", "floor", "train"):
        assert any(name.startswith(f"trials/{kind}-") for name in names)
    record = small_run.record["proof"]
    assert certificate.tolerances == record["tolerances"]
    assert [pair.verdict for pair in certificate.pairs] == [pair["verdict"] for pair in record["pairs"]]
    assert len(certificate.floors) == len(record["floors"]) > 0
    assert {"torch", "jax", "flax", "optax"} <= set(certificate.versions)


def test_it_names_neither_user_nor_folder(original: Path) -> None:
    text = (original / CERTIFICATE).read_text(encoding="utf-8")
    assert "telltale" not in text
    assert "secret-project" not in text


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_changed_byte_of_any_covered_file_fails(original: Path, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from([one for one in certificate_of(original).files if one.bytes]))
    place = data.draw(st.integers(0, one.bytes - 1))
    path = original / one.path
    content = path.read_bytes()
    changed = bytearray(content)
    changed[place] ^= data.draw(st.integers(1, 255))
    try:
        path.write_bytes(bytes(changed))
        checked = check(original)
    finally:
        path.write_bytes(content)
    assert not checked.holds
    assert checked.problems == (f"{one.path} was changed: its SHA-256 does not fit",)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_changed_byte_of_the_certificate_itself_fails(original: Path, data: st.DataObject) -> None:
    path = original / CERTIFICATE
    content = path.read_bytes()
    changed = bytearray(content)
    changed[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        path.write_bytes(bytes(changed))
        with contextlib.suppress(InputError):
            assert not check(original).holds
    finally:
        path.write_bytes(content)


@pytest.mark.parametrize("change", [b"", b"longer"], ids=["cut off", "made longer"])
def test_another_length_fails(folder: Path, change: bytes) -> None:
    path = folder / "run.json"
    path.write_bytes(path.read_bytes()[:-5] if not change else path.read_bytes() + change)
    checked = check(folder)
    assert not checked.holds
    assert "bytes" in checked.problems[0]


def test_the_page_may_be_written_again(folder: Path) -> None:
    write_page(Run.model_validate_json((folder / "run.json").read_bytes()), folder)
    assert check(folder).holds


# ---------------------------------------------------------------------- forgeries whose hashes fit


def test_a_trace_that_was_forged_together_with_its_hash_is_found(folder: Path) -> None:
    for number, path in enumerate(sorted(folder.glob("trials/trace-*.safetensors"))):
        arrays = load_file(path)
        arrays["forward/0"] = arrays["forward/0"] + 1e-3 * len(path.name)
        arrays["forward/0"].reshape(-1)[0] += number  # each by another number: two that are moved alike are the same
        save_file(arrays, path)
    sealed(folder)
    checked = check(folder)
    assert not checked.holds
    assert checked.derived == "different"
    assert any("rung forward" in problem or "was not kept" in problem for problem in checked.problems)


def test_a_record_that_was_forged_together_with_its_hash_is_found(folder: Path) -> None:
    record = json.loads((folder / "run.json").read_bytes())
    rung = next(r for r in record["proof"]["corrected"][0]["rungs"] if r["name"] == "trajectory")
    rung["max_rel"] = 1e-30
    record["proof"]["pairs"][0]["causes"] = []
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    sealed(folder)
    checked = check(folder)
    assert not checked.holds
    assert any("rung trajectory" in problem for problem in checked.problems)
    assert any("other causes" in problem for problem in checked.problems)


@pytest.mark.parametrize("place", ["title", "fix"])
def test_a_sentence_that_was_forged_together_with_its_hash_is_found(folder: Path, place: str) -> None:
    record = json.loads((folder / "run.json").read_bytes())
    cause = record["proof"]["pairs"][0]["causes"][0]
    where, name = {"title": (cause, "title"), "fix": (cause["fix"], "replacement")}[place]
    where[name] = f"{where[name]} or nothing"
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    sealed(folder)
    checked = check(folder)
    assert not checked.holds
    assert checked.problems
    assert all(problem.endswith("is otherwise in the record") for problem in checked.problems)


def test_a_number_that_was_forged_in_a_sentence_is_found_and_its_last_digit_may_be_rounded(original: Path) -> None:
    proof = Run.model_validate_json((original / "run.json").read_bytes()).proof
    assert proof is not None
    for old, new, found in (("0.01234", "0.01235", 0), ("0.01234", "0.01334", 1), ("7 of", "8 of", 1)):
        told = [proof.model_copy(update={"notes": (f"it is {text} them",)}) for text in (old, new)]
        assert len(unlike(*told)) == found


def test_a_start_that_was_forged_together_with_its_hash_is_found(folder: Path) -> None:
    arrays = load_file(folder / "start.safetensors")
    save_file({name: array + 1 for name, array in arrays.items()}, folder / "start.safetensors")
    sealed(folder)
    assert "start.safetensors" in check(folder).problems[0]


def test_a_verdict_that_is_not_that_of_the_record_is_refused(folder: Path) -> None:
    sealed(folder, verdict="same")
    with pytest.raises(InputError, match="does not belong"):
        check(folder)


def test_a_trial_that_is_no_longer_named_is_missed(folder: Path) -> None:
    certificate = certificate_of(folder)
    gone = next(one.path for one in certificate.files if one.path.startswith("trials/trace"))
    (folder / gone).unlink()
    files = tuple(one for one in certificate.files if one.path != gone)
    forged = certificate.model_copy(update={"files": files})
    (folder / CERTIFICATE).write_bytes(canonical(forged.model_copy(update={"seal": seal(forged)})))
    assert check(folder).derived == "different"


# ---------------------------------------------------------------------- what no run would have left


def _link_to_a_file(folder: Path) -> None:
    (folder / "elsewhere").write_bytes((folder / "run.json").read_bytes())
    (folder / "run.json").unlink()
    (folder / "run.json").symlink_to("elsewhere")


def _link_to_a_folder(folder: Path) -> None:
    (folder / "trials").rename(folder / "other")
    (folder / "trials").symlink_to("other")


def _linked_certificate(folder: Path) -> None:
    (folder / CERTIFICATE).rename(folder / "other.json")
    (folder / CERTIFICATE).symlink_to("other.json")


def _pipe(folder: Path) -> None:
    (folder / "run.json").unlink()
    os.mkfifo(folder / "run.json")


def _huge_certificate(folder: Path) -> None:
    os.truncate(folder / CERTIFICATE, 2**40)


def _not_json(folder: Path) -> None:
    (folder / CERTIFICATE).write_bytes(b"\x00\xff nothing")


def _deep(folder: Path) -> None:
    (folder / CERTIFICATE).write_text("[" * 100_000, encoding="utf-8")


def _renamed(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        certificate = certificate_of(folder)
        first, *rest = certificate.files
        forged = certificate.model_copy(update={"files": (first.model_copy(update={"path": name}), *rest)})
        (folder / CERTIFICATE).write_bytes(canonical(forged.model_copy(update={"seal": seal(forged)})))

    return change


def _enormous_claim(folder: Path) -> None:
    certificate = certificate_of(folder)
    first, *rest = certificate.files
    forged = certificate.model_copy(update={"files": (first.model_copy(update={"bytes": 2**60}), *rest)})
    (folder / CERTIFICATE).write_bytes(canonical(forged.model_copy(update={"seal": seal(forged)})))


def _nonsense_trials(folder: Path) -> None:
    for path in folder.glob("trials/describe-*.json"):
        saved = json.loads(path.read_bytes())
        path.write_text(json.dumps({**saved, "result": {"view": 7, "step_s": "soon"}}), encoding="utf-8")
    sealed(folder)


def test_experiments_of_another_version_in_another_form_are_not_derived_and_it_is_said(folder: Path) -> None:
    for path in folder.glob("trials/describe-*.json"):
        saved = json.loads(path.read_bytes())
        del saved["result"]["traits"]
        path.write_text(json.dumps(saved), encoding="utf-8")
    sealed(folder, code_sha256="0" * 64)
    checked = check(folder)
    assert checked.derived == "not derived"
    assert checked.derived_why.startswith("it was made by other code (Paragone ")
    assert "traits" not in "\n".join(lines(checked))


def test_a_sentence_of_another_version_is_no_forgery(folder: Path) -> None:
    record = json.loads((folder / "run.json").read_bytes())
    record["proof"]["pairs"][0]["causes"][0]["title"] = "as it was called then"
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    sealed(folder, code_sha256="0" * 64)
    checked = check(folder)
    assert checked.holds
    assert checked.derived == "equal in what decides"


HOSTILE: dict[str, Callable[[Path], object]] = {
    "no certificate": lambda folder: (folder / CERTIFICATE).unlink(),
    "no folder": shutil.rmtree,
    "a missing file": lambda folder: (folder / "data.safetensors").unlink(),
    "a link to a file": _link_to_a_file,
    "a link to a folder": _link_to_a_folder,
    "a link for a certificate": _linked_certificate,
    "a pipe": _pipe,
    "a folder for a file": lambda folder: ((folder / "run.json").unlink(), (folder / "run.json").mkdir()),
    "a huge certificate": _huge_certificate,
    "no JSON": _not_json,
    "deep JSON": _deep,
    "a list": lambda folder: (folder / CERTIFICATE).write_text("[]", encoding="utf-8"),
    "a way out": _renamed("../../etc/passwd"),
    "a way out in the middle": _renamed("sides/../../x"),
    "an absolute path": _renamed("/etc/passwd"),
    "a name with a line break": _renamed("a\nb"),
    "a name with a zero": _renamed("a\0b"),
    "no name": _renamed(""),
    "a backslash": _renamed("sides\\x"),
    "a name twice": _renamed("report.html"),
    "an enormous claim": _enormous_claim,
    "nonsense in the trials": _nonsense_trials,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_no_run_would_have_left_is_refused_with_one_message(folder: Path, name: str) -> None:
    HOSTILE[name](folder)
    with pytest.raises(InputError) as caught:
        check(folder)
    assert caught.value.what
    assert caught.value.where


# ---------------------------------------------------------------------- as a command


def test_the_command_says_what_it_checked_and_what_it_does_not_show(small_run: SmallRun) -> None:
    done = small_run.program.run("check", str(small_run.folder), "--again")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "small: the certificate holds"
    assert "equal in every figure" in done.stdout
    assert "run again it says the same in float64" in done.stdout
    assert "no signature" in done.stdout


def test_the_command_ends_with_1_where_a_byte_was_changed_and_with_2_without_a_certificate(
    folder: Path, small_run: SmallRun
) -> None:
    (folder / "run.json").write_bytes((folder / "run.json").read_bytes().replace(b"different", b"identical", 1))
    done = small_run.program.run("check", str(folder), "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["problems"] == ["run.json was changed: its SHA-256 does not fit"]
    (folder / CERTIFICATE).unlink()
    done = small_run.program.run("check", str(folder))
    assert done.returncode == 2
    assert done.stderr.startswith("error: certificate.json cannot be read.")


def test_many_problems_are_cut_short_in_words(folder: Path) -> None:
    for one in certificate_of(folder).files:
        with (folder / one.path).open("ab") as stream:
            stream.write(b" ")
    checked = check(folder)
    assert checked.files == 0
    text = "\n".join(lines(checked))
    assert f"and {len(checked.problems) - 10} more" in text
    assert "does NOT hold" in text


def test_a_proof_from_given_weights_rests_on_them(small_run: SmallRun, tmp_path: Path) -> None:
    given, out = tmp_path / "telltale.safetensors", tmp_path / "given"
    start = load_file(small_run.folder / "start.safetensors")
    save_file({name: 1.5 * array for name, array in start.items()}, given)
    words = ("prove", "torch_side.py", "other_side.py", "--data", "data.py:points", "--steps", "2", "--no-worth")
    done = small_run.program.run(*words, "--weights", str(given), "--out", str(out))
    assert done.returncode == 1, done.stderr
    given.unlink()
    assert check(out).holds
    assert "telltale" not in (out / CERTIFICATE).read_text(encoding="utf-8")
    assert certificate_of(out).given_weights
    sealed(out, given_weights="")
    assert check(out).derived == "different"

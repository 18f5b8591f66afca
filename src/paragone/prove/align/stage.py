"""The stage: from sides that were built to sides whose weights go by the same names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from paragone.errors import ParagoneError
from paragone.prove.align.arranged import Arranged, arrange
from paragone.prove.align.inverse import inverted
from paragone.prove.align.mapping import MAPPING, GivenPair, mapping_text
from paragone.prove.align.pair import AlignedPair, align_pair
from paragone.prove.align.parallel import by_what_follows
from paragone.prove.align.refusals import cannot_correspond
from paragone.prove.align.suspects import without_suspects
from paragone.prove.extras import with_extras
from paragone.prove.laboratory import Experiment, Laboratory
from paragone.prove.scope import DTYPES
from paragone.prove.second_biases import with_counts
from paragone.prove.subject import Subject
from paragone.records import Alignment, DType
from paragone.sides.weight_map import MappedWeight, WeightMap
from paragone.trials import Trial

CUSTOM = "custom"


@dataclass(frozen=True)
class Aligned:
    """What came of an alignment.

    Args:
        subjects: the sides, described anew where their weights have other names now.
        alignments: one for each pair that was looked at.
        mapping: text of the mapping file, where something is left for the user to say.
        maps: the maps of the sides' weights, by side.
    """

    subjects: tuple[Subject, ...]
    alignments: tuple[Alignment, ...] = ()
    mapping: str = ""
    maps: Mapping[str, str] = field(default_factory=dict)


def align(
    subjects: Sequence[Subject],
    lab: Laboratory,
    seed: int,
    given: Mapping[tuple[str, str], GivenPair] | None = None,
    dtypes: Sequence[DType] = DTYPES,
) -> Aligned:
    """Give the weights of all sides common names, as far as that can be found out.

    Sides that we wrote have them already. Sides whose layers are all known and alike mostly have them too; one
    experiment shows whether the order of execution, of a flatten or of the outputs' axes misled us.

    Args:
        subjects: the sides.
        lab: asks their workers.
        seed: of the random weights.
        given: what a mapping file says of the sides.
        dtypes: precisions of the proof.
    """
    given = given or {}
    if len(subjects) < 2 or any(subject.file.weight_map for subject in subjects):
        return Aligned(tuple(subjects))
    guess = _aligned(subjects, lab, seed, given, dtypes)
    if given or all(one.agrees or not one.found for one in guess.alignments):
        return guess
    again = _aligned(guess.subjects, lab, seed, given, dtypes, again=guess.maps)
    return again if all(one.agrees for one in again.alignments) else guess


def _aligned(
    subjects: Sequence[Subject],
    lab: Laboratory,
    seed: int,
    given: Mapping[tuple[str, str], GivenPair],
    dtypes: Sequence[DType],
    *,
    again: Mapping[str, str] | None = None,
) -> Aligned:
    """Work out the names, once for what they depend on; all sides go by them from then on.

    Under the names of a guess what is suspected is at the same layer on both sides, where before it stood elsewhere
    in the order of execution. So a guess, with the maps that it led to, is tried `again`, and kept if that shows
    nothing.
    """
    unlike = again is not None or bool(given) or _unlike(subjects)
    names = [subject.name for subject in subjects]
    asked = {"seed": seed, "unlike": unlike, "mapping": repr(sorted(given.items(), key=lambda item: item[0]))}
    paths = _paths_by_name(again or {})
    result = lab.remembered(
        "align", names, asked, lambda: _worked_out(subjects, lab, seed, given, unlike=unlike, paths=paths)
    )
    alignments = tuple(Alignment.model_validate(row) for row in result["alignments"])
    if again is not None and not all(one.agrees for one in alignments):
        return Aligned(tuple(subjects), alignments)
    maps: dict[str, str] = result["maps"]
    for name, weight_map in maps.items():
        lab.adopt(name, weight_map)
    described = _described([subject for subject in subjects if subject.name in maps], lab, seed, alignments, dtypes)
    subjects = with_extras([described.get(subject.name, subject) for subject in subjects], maps)
    subjects = with_counts(subjects, maps)
    return Aligned(subjects, alignments, str(result["mapping"]), maps)


def _paths_by_name(maps: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The paths of the weights that are one array each, by their names, for each side that a map was made for."""
    found = {}
    for side, text in maps.items():
        weights = WeightMap.model_validate_json(text).weights
        several = Counter(weight.path for weight in weights) + Counter(weight.name for weight in weights)
        found[side] = {w.name: w.path for w in weights if several[w.path] == several[w.name] == 1}
    return found


def _unlike(subjects: Sequence[Subject]) -> bool:
    """Whether they have unknown layers, parameters that no layer has, or other weights."""
    unknown = any(name.startswith(CUSTOM) for subject in subjects for name, _ in subject.signature)
    unknown = unknown or any(subject.said.get("unnamed") for subject in subjects)
    return unknown or len({subject.signature for subject in subjects}) > 1


def _described(
    subjects: Sequence[Subject], lab: Laboratory, seed: int, alignments: Sequence[Alignment], dtypes: Sequence[DType]
) -> dict[str, Subject]:
    """Sides that were described again, under the names that were found; how long a step takes is known from before."""
    asked = {"seed": seed, "timed": False}
    done = lab.all(
        {
            (one.name, dtype): Experiment(one.name, dtype, "describe", asked, note=f"{one.name}: aligned")
            for one in subjects
            for dtype in dtypes
        }
    )
    if error := next((result for result in done.values() if isinstance(result, ParagoneError)), None):
        raise error
    said = {key: trial.result for key, trial in done.items() if isinstance(trial, Trial)}
    found = {}
    for subject in subjects:
        new = {**said[subject.name, dtypes[0]], "step_s": subject.said["step_s"]}
        alone = [word for one in alignments if one.found for word in _alone(one, subject.name)]
        found[subject.name] = replace(
            subject, said=new, said32=said.get((subject.name, "float32"), {}), alone=tuple(dict.fromkeys(alone))
        )
    return found


def _alone(one: Alignment, name: str) -> tuple[str, ...]:
    return one.only_a if one.a == name else one.only_b if one.b == name else ()


# ---------------------------------------------------------------------- the work


def _worked_out(
    subjects: Sequence[Subject],
    lab: Laboratory,
    seed: int,
    given: Mapping[tuple[str, str], GivenPair],
    *,
    unlike: bool,
    paths: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    sides = arrange(subjects, lab, seed)
    first = max(sides, key=lambda side: len(side.slots))
    others = [side for side in sides if side is not first]
    pairs = [_pair(first, other, lab, seed, given, guess=unlike, paths=paths) for other in others]
    moved = [_put_right(pair) or (not given and (by_what_follows(pair) or _crossed(pair))) for pair in pairs]
    if not unlike and not any(moved):
        return {"alignments": [], "maps": {}, "mapping": ""}
    maps = _maps(first, [pair for pair in pairs if pair.complete and pair.found])
    asked = [pair for pair in pairs if not (pair.found and pair.found.agrees)]
    return {
        "alignments": [pair.record(cannot_correspond(pair)).model_dump(mode="json") for pair in pairs],
        "maps": {name: one.model_dump_json() for name, one in maps.items()},
        "mapping": mapping_text(asked, MAPPING) if any(_open(pair) for pair in asked) else "",
    }


def _pair(
    first: Arranged,
    other: Arranged,
    lab: Laboratory,
    seed: int,
    given: Mapping[tuple[str, str], GivenPair],
    *,
    guess: bool,
    paths: Mapping[str, Mapping[str, str]],
) -> AlignedPair:
    a, b = first.subject.name, other.subject.name
    if (b, a) in given:
        return align_pair(other, first, lab, seed, given[b, a])
    theirs = paths.get(b, {})
    partners = {path: theirs[name] for name, path in paths.get(a, {}).items() if name in theirs}
    known = without_suspects(first, other, lab, seed, partners) if guess and (a, b) not in given else None
    return known or align_pair(first, other, lab, seed, given.get((a, b)), guess=guess, partners=partners)


def _put_right(pair: AlignedPair) -> bool:
    """Whether the experiments showed that what we know of layers had misled us, or that outputs lie otherwise."""
    moved = any(decision.moved for decision in pair.decisions) or not (pair.form is None or pair.form.plain)
    return bool(pair.found and pair.found.agrees and moved)


def _crossed(pair: AlignedPair) -> bool:
    """Whether layers stand in another order and an experiment could show how they correspond."""
    return bool(pair.found and pair.linked.crossed)


def _open(pair: AlignedPair) -> bool:
    """Whether a person could know what we do not: both sides have something without a partner, or there is a choice."""
    both = bool(pair.linked.only_a) and bool(pair.linked.only_b)
    return both or any(len(decision.choices) > 1 for decision in pair.decisions)


# ---------------------------------------------------------------------- the maps


def _maps(first: Arranged, pairs: Sequence[AlignedPair]) -> dict[str, WeightMap]:
    """The map of every side that is aligned; what one pair cuts into parts is cut so everywhere."""
    if not pairs:
        return {}
    rows: dict[str, list[MappedWeight]] = {}
    for pair in pairs:
        for path, mine in _by_path(_mapped(pair, first)).items():
            if path not in rows or len(mine) > len(rows[path]):
                rows[path] = mine
    shared = set.intersection(*(set(_by_path(_mapped(pair, first))) for pair in pairs))
    weights = tuple(weight for path, mine in rows.items() if path in shared for weight in mine)
    zeros = {path for pair in pairs for path in pair.zeros(_side(pair, first))}
    maps = {first.subject.name: WeightMap(weights=weights, zeros=tuple(sorted(zeros)), **_outputs(pairs[0], first))}
    for pair in pairs:
        other = pair.b if pair.a is first else pair.a
        maps[other.subject.name] = WeightMap(
            weights=tuple(_refined(pair, first, rows, shared)),
            zeros=tuple(pair.zeros(_side(pair, other))),
            **_outputs(pair, other),
        )
    return maps


def _side(pair: AlignedPair, side: Arranged) -> int:
    return 0 if pair.a is side else 1


def _mapped(pair: AlignedPair, side: Arranged) -> list[MappedWeight]:
    return [weight for decision in pair.decisions for weight in decision.mapped(_side(pair, side))]


def _by_path(weights: Sequence[MappedWeight]) -> dict[str, list[MappedWeight]]:
    found: dict[str, list[MappedWeight]] = {}
    for weight in weights:
        found.setdefault(weight.path, []).append(weight)
    return found


def _refined(
    pair: AlignedPair, first: Arranged, rows: Mapping[str, list[MappedWeight]], shared: set[str]
) -> list[MappedWeight]:
    """The other side's weights under the names, and in the parts, that the first side's have at last."""
    shapes = {slot.path: slot.shape for slot in first.slots}
    other = pair.b if pair.a is first else pair.a
    found = []
    for mine, theirs in zip(_mapped(pair, first), _mapped(pair, other), strict=True):
        if mine.path not in shared:
            continue
        parts = rows[mine.path]
        same = [part for part in parts if part.name == mine.name and part.steps == mine.steps]
        if same:
            found.append(theirs)
            continue
        back = inverted(mine.steps, shapes[mine.path])
        found += [
            theirs.model_copy(update={"name": part.name, "steps": (*theirs.steps, *back, *part.steps)})
            for part in parts
        ]
    return found


def _outputs(pair: AlignedPair, side: Arranged) -> dict[str, Any]:
    form = pair.form
    if form is None or form.plain:
        return {}
    if side is pair.a:
        return {"outputs": tuple("first" if back else "last" for back in form.back)}
    return {"order": form.order, "outputs": tuple("first" if first else "last" for first in form.first)}

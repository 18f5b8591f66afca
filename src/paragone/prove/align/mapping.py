"""The mapping file: what we could not find out about an alignment, for the user to complete, and read back.

It is TOML: a `[[pair]]` for two sides, and in it a `[[pair.link]]` for parameters that hold the same weights.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from paragone.errors import InputError
from paragone.prove.align.decisions import Decision
from paragone.prove.align.layouts import Layout
from paragone.prove.align.link import Link
from paragone.prove.align.links import Linked
from paragone.prove.align.slots import Slot, Steps, shape_after
from paragone.sides.weight_map import Operation

MAPPING = "mapping.toml"
"""The file's name in a run's folder."""
MAX_BYTES = 2 * 2**20
_SHOWN = 12
"""So many ways are listed in the file for one link."""
_HEAD = """\
# Which parameters of two sides hold the same weights. Complete it and give it back: --map {name}
#
# A link has the paths of both sides. Several paths on one side are parts of the one on the other side: in what order
# and how they lie in it is the layout. `added = true`: the second half of a side's are added to the first (two biases).
# `layout` is the number of one of the ways that are listed; without it, it is found by experiment.
# `steps` says it freely: operations from the array of the `free` side to the canonical weight, for example
#   steps = [["transpose", [1, 0]], ["reshape", [64, 4, 16]]]
# The operations: transpose, reshape, flip, blocks (axis, order…), slice (axis, start, stop).
"""


class GivenLink(BaseModel):
    """A link of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    a: Annotated[tuple[str, ...], Field(min_length=1)]
    b: Annotated[tuple[str, ...], Field(min_length=1)]
    added: bool = False
    layout: int | None = None
    steps: tuple[Operation, ...] | None = None


class _GivenPair(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    a: str
    b: str
    link: tuple[GivenLink, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    pair: tuple[_GivenPair, ...]


@dataclass
class GivenPair:
    """What a mapping file says of two sides.

    Args:
        where: the file, for messages.
        names: of the two sides.
        links: in the order of the file.
    """

    where: str
    names: tuple[str, str]
    links: tuple[GivenLink, ...]
    _of: dict[tuple[str, ...], GivenLink] = field(default_factory=dict)

    def linked(self, a: Sequence[Slot], b: Sequence[Slot]) -> Linked:
        """The links of the file, checked against the parameters of both sides.

        Raises:
            InputError: a parameter is unknown or named twice, or sizes do not fit.
        """
        free = ({slot.path: slot for slot in a}, {slot.path: slot for slot in b})
        known = tuple(tuple(one) for one in free)
        found = Linked()
        for link in self.links:
            slots = [
                tuple(self._slot(path, free[side], known[side], self.names[side]) for path in paths)
                for side, paths in enumerate((link.a, link.b))
            ]
            made = self._made(link, *slots)
            self._of[tuple(slot.path for slot in made.a)] = link
            found.links.append(made)
        found.only_a, found.only_b = list(free[0].values()), list(free[1].values())
        return found

    def _slot(self, path: str, free: dict[str, Slot], known: Sequence[str], side: str) -> Slot:
        if path in free:
            return free.pop(path)
        if path in known:
            raise self._error(f"{path} of {side} is named twice.", path, "each parameter once", path)
        near = get_close_matches(path, known, 3, 0.3)
        raise self._error(f"{side} has no parameter {path}.", path, ", ".join(near or known[:8]), path)

    def _made(self, link: GivenLink, a: tuple[Slot, ...], b: tuple[Slot, ...]) -> Link:
        """The link, whose sizes must fit; where parameters are added up, that is on the side with more numbers."""
        words = " and ".join(", ".join(slot.words for slot in slots) for slots in (a, b))
        plus: tuple[Slot, ...] = ()
        adds = 0
        if link.added:
            adds = int(_numbers(b) > _numbers(a))
            both = (a, b)[adds]
            half = len(both) // 2
            own, plus = both[:half], both[half:]
            if [slot.size for slot in own] != [slot.size for slot in plus]:
                expected = "on one side as many to be added as there are before them, of the same sizes"
                raise self._error("Not every parameter has one that is added to it.", link.a[0], expected, words)
            a, b = (own, b) if adds == 0 else (a, own)
        if len(a) > 1 and len(b) > 1:
            raise self._error("A link has several parameters on both sides.", link.a[0], "one of them alone", words)
        if _numbers(a) != _numbers(b):
            raise self._error("The sizes of a link do not fit.", link.a[0], "as many numbers on both sides", words)
        return Link(a, b, plus, adds)

    def choose(self, decision: Decision) -> None:
        """Take the layout that the file says.

        Raises:
            InputError: there is no layout of that number, or the steps lead nowhere.
        """
        link = self._of[tuple(slot.path for slot in decision.link.a)]
        if link.steps is not None:
            decision.choices = [(Layout(self._steps(link, decision), "as the mapping file says"),)]
        elif link.layout is not None:
            if not 0 <= link.layout < len(decision.choices):
                expected = f"a number from 0 to {len(decision.choices) - 1}"
                raise self._error("There is no such layout.", link.a[0], expected, str(link.layout))
            decision.choices = [decision.choices[link.layout]]

    def _steps(self, link: GivenLink, decision: Decision) -> Steps:
        slot = (decision.link.a, decision.link.b)[decision.free][0]
        wanted, steps = decision.shapes[0], link.steps or ()
        try:
            reached: Any = shape_after(slot.shape, steps)
        except (ValueError, IndexError, TypeError) as error:
            reached = str(error)
        if len(decision.shapes) > 1 or reached != wanted:
            raise self._error(
                "The steps do not lead to the weight.", link.a[0], f"from {slot.words} to {wanted}", str(reached)
            )
        return steps

    def _error(self, what: str, place: str, expected: str, received: str) -> InputError:
        return InputError(what, where=f"{self.where}, link of {place}", expected=expected, received=received)


def _numbers(slots: Sequence[Slot]) -> int:
    return sum(slot.size for slot in slots)


def read_mapping(path: Path, sides: Sequence[str]) -> dict[tuple[str, str], GivenPair]:
    """What a mapping file says, by the names of the two sides.

    Raises:
        InputError: it cannot be read, is no mapping file, or names a side that there is not.
    """
    shown = path.name
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{shown} is too large.", where=shown, expected=f"at most {MAX_BYTES} bytes")
        said = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise InputError(f"{shown} cannot be read.", where="--map", received=error.strerror or str(error)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{shown} is not TOML.", where=shown, received=str(error)) from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(
            f"{shown} is no mapping file.",
            where=f"{shown}: {place}",
            expected=str(first["msg"]),
            received=str(first["input"])[:200],
        ) from None
    for pair in said.pair:
        for name in (pair.a, pair.b):
            if name not in sides:
                raise InputError(f"There is no side {name}.", where=shown, expected=" or ".join(sides), received=name)
    return {(one.a, one.b): GivenPair(shown, (one.a, one.b), one.link) for one in said.pair}


def mapping_text(pairs: Sequence[Any], name: str) -> str:
    """The file for some pairs (`paragone.prove.align.pair.AlignedPair`): our best guess, and what is open."""
    lines = [_HEAD.format(name=name)]
    for pair in pairs:
        lines += ["", "[[pair]]", f"a = {_quoted(pair.a.subject.name)}", f"b = {_quoted(pair.b.subject.name)}"]
        for side, slots in ((pair.a, pair.linked.only_a), (pair.b, pair.linked.only_b)):
            lines += [f"# without a partner in {side.subject.name}: {slot.words} of {slot.owner}" for slot in slots]
        open_ = [id(one) for one in pair.found.open] if pair.found else []
        for decision in pair.decisions:
            lines += _link_lines(decision, open_=id(decision) in open_)
    return "\n".join(lines) + "\n"


def _link_lines(decision: Decision, *, open_: bool) -> list[str]:
    lines = ["", "[[pair.link]]"]
    for letter, side in (("a", 0), ("b", 1)):
        shapes = ", ".join(str(slot.shape) for slot in decision.link.slots(side))
        lines.append(f"{letter} = [{', '.join(map(_quoted, decision.paths(side)))}]  # {shapes}")
    if decision.link.plus:
        lines.append("added = true")
    if len(decision.choices) > 1:
        mark = "  # open: the experiments could not tell" if open_ else ""
        lines.append(f"layout = {decision.chosen}{mark}")
        lines += [f"#   {n}: {_choice_words(c)}" for n, c in enumerate(decision.choices[:_SHOWN])]
        if len(decision.choices) > _SHOWN:
            lines.append(f"#   … up to {len(decision.choices) - 1}")
    return lines


def _choice_words(choice: Sequence[Layout]) -> str:
    first = choice[0]
    steps = "; ".join(f"{name} {' '.join(map(str, numbers))}" for name, numbers in first.steps) or "as it is"
    return f"{first.words}: {steps}" if first.words else steps


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

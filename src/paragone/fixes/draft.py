"""Changes of one file in the making: arguments of calls, other callees, imports, helpers; applied all at once."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from paragone.fixes.source import Source, dotted


class UnfixableError(Exception):
    """A cause cannot be taken out by an edit of the source; says why, to go on after a colon."""


class Edit(NamedTuple):
    """A stretch of the source, and what stands in its place."""

    first: int
    last: int
    text: str


@dataclass(frozen=True)
class Callee:
    """What is called: `parameters` are those that may be given by their place, in order; `more` by name only."""

    home: str
    parameters: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    any_name: bool = False

    @property
    def name(self) -> str:
        """The last part of where it is defined: the name of the class or function."""
        return self.home.rpartition(".")[2]

    def takes(self, name: str) -> bool:
        """Whether it may be given an argument of this name."""
        return name in self.parameters or name in self.more or self.any_name


@dataclass
class CallChange:
    """What becomes of one call, or of a text that stands for one (`optimizer="adam"`).

    Args:
        node: the call, or the text.
        callee: what it calls.
        spelled: how that is to be spelled where it is not as it stands.
        arguments: by name, what is to be given.
        around: text before and after the whole call.
    """

    node: ast.expr
    callee: Callee
    spelled: str = ""
    arguments: dict[str, str] = field(default_factory=dict)
    around: tuple[str, str] = ("", "")
    notes: list[str] = field(default_factory=list)

    def set(self, source: Source, name: str, text: str) -> None:
        """Give an argument; says so where it came from a variable until now.

        Raises:
            UnfixableError: it takes none of that name, or how it is given cannot be seen.
        """
        if not self.callee.takes(name):
            raise UnfixableError(f"{self.callee.name} takes no {name}")
        old = self.given(name)
        if old is not None and not _is_literal(old):
            self.notes.append(f"{name} was {source.segment(old)}; the value stands in its place")
        self.arguments[name] = text

    def given(self, name: str) -> ast.expr | None:
        """The expression of an argument as it stands; None where it is left to its default.

        Raises:
            UnfixableError: the arguments are handed on from elsewhere.
        """
        if not isinstance(self.node, ast.Call):
            return None
        found = next((item.value for item in self.node.keywords if item.arg == name), None)
        if found is not None:
            return found
        place = self.callee.parameters.index(name) if name in self.callee.parameters else None
        starred = [i for i, item in enumerate(self.node.args) if isinstance(item, ast.Starred)]
        if any(item.arg is None for item in self.node.keywords) or (starred and place is not None):
            raise UnfixableError(f"the arguments of {self.callee.name} are handed on from elsewhere")
        return self.node.args[place] if place is not None and place < len(self.node.args) else None

    def edits(self, source: Source) -> list[Edit]:
        """As edits of the source."""
        first, last = source.span(self.node)
        before, after = self.around
        found = [Edit(first, first, before), Edit(last, last, after)] if before or after else []
        if not isinstance(self.node, ast.Call):
            given = ", ".join(f"{name}={text}" for name, text in self.arguments.items())
            return [Edit(first, last, f"{before}{self.spelled}({given}){after}")]
        if self.spelled:
            found.append(Edit(*source.span(self.node.func), self.spelled))
        new = []
        for name, text in self.arguments.items():
            old = self.given(name)
            if old is None:
                new.append(f"{name}={text}")
            elif source.segment(old) != text:
                found.append(Edit(*source.span(old), text))
        return [*found, _appended(source, self.node, new)] if new else found


def _appended(source: Source, call: ast.Call, given: list[str]) -> Edit:
    """More arguments at the end of a call, each on a line of its own where the last one is."""
    if len(call.args) == 1 and not call.keywords and isinstance(call.args[0], ast.GeneratorExp):
        raise UnfixableError("its only argument is a generator")
    first, at, token = source.before(source.span(call)[1] - 1)
    if not call.args and not call.keywords:
        return Edit(at, at, ", ".join(given))
    indent = _own_line(source, call)
    between = f",\n{indent}" if indent is not None else ", "
    text = between.join(given)
    if token != ",":
        return Edit(at, at, f"{between}{text}")
    rest, _, _ = source.text[at:].partition("\n")
    if indent is not None and rest.strip()[:1] in {"", "#"}:  # a comment stays beside what it is about
        return Edit(at + len(rest), at + len(rest), f"\n{indent}{text},")
    return Edit(first, at, f"{between}{text},")


def _own_line(source: Source, call: ast.Call) -> str | None:
    """The indent of a call's last argument, if it begins a line below that of the call."""
    values = (*call.args, *(item.value for item in call.keywords))
    start = max(_start(source, call, value) for value in values)
    line = source.line_of(start)
    indent = source.text[source.line_start(line) : start]
    return indent if not indent.strip() and line > call.lineno else None


def _start(source: Source, call: ast.Call, value: ast.expr) -> int:
    """Where an argument begins, with its name."""
    keyword = next((item for item in call.keywords if item.value is value), None)
    return source.span(keyword if keyword is not None else value)[0]


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


class Draft:
    """The changes of one file.

    Args:
        source: as it stands.
        names: what is bound to each name of its module, as far as it was seen: name to where it is defined.
    """

    def __init__(self, source: Source, names: Mapping[str, str]):
        self.source = source
        self.names = names
        self.notes: list[str] = []
        self._calls: dict[ast.expr, CallChange] = {}
        self._edits: list[Edit] = []
        self._imports: dict[str, str] = {}
        self._import_before: dict[str, ast.stmt] = {}
        self._helpers: dict[str, tuple[str, ast.stmt]] = {}

    def call(self, node: ast.expr, callee: Callee) -> CallChange:
        """The change of a call; the same one each time."""
        return self._calls.setdefault(node, CallChange(node, callee))

    def replace(self, node: ast.expr, text: str) -> None:
        """Put something in the place of an expression."""
        self._edits.append(Edit(*self.source.span(node), text))

    def edit(self, first: int, last: int, text: str) -> None:
        """Put something in the place of a stretch of the source."""
        if Edit(first, last, text) not in self._edits:
            self._edits.append(Edit(first, last, text))

    def statement_before(self, anchor: ast.stmt, text: str) -> None:
        """Put statements before a statement of the module, once."""
        at = self.source.line_start(_first_line(anchor))
        self.edit(at, at, f"{text}\n")

    def module(self, homes: tuple[str, ...], alias: str, line: str, before: ast.stmt) -> str:
        """The name of a module in this file; it is imported where it is not.

        Args:
            homes: the module, by any of its own names.
            alias: what it is called where it is imported now.
            line: the import.
            before: a statement of the module that needs it.

        Raises:
            UnfixableError: the file calls something else by that name.
        """
        known = [name for name, where in self.names.items() if where in homes]
        if known:
            return min(known, key=lambda name: (name != alias, name.count("."), len(name)))
        if alias in self.names or any(name.split(".")[0] == alias for name, _ in self.source.names()):
            raise UnfixableError(f"the file has another {alias}")
        earlier = self._import_before.get(line)
        if earlier is None or before.lineno < earlier.lineno:
            self._import_before[line] = before
        self._imports[line] = alias
        return alias

    def helper(self, name: str, text: str, before: ast.stmt) -> str:
        """Bring a class or function into the file, before a statement of the module; gives its name there."""
        free = name
        while free in self.names:
            free = f"{free}_exact"
        if free != name:
            text = text.replace(f"class {name}(", f"class {free}(").replace(f"def {name}(", f"def {free}(")
        earlier = self._helpers.get(free)
        if earlier is None or _first_line(before) < _first_line(earlier[1]):
            self._helpers[free] = (text, before)
        return free

    def all_notes(self) -> list[str]:
        """What there is to say about the changes."""
        return [*dict.fromkeys([*self.notes, *(note for call in self._calls.values() for note in call.notes)])]

    def added(self) -> str:
        """The imports and helpers that the file is given, one after the other."""
        return "\n\n\n".join([*["\n".join(self._imports)][: bool(self._imports)], *self._texts()])

    def _texts(self) -> list[str]:
        return [text.strip("\n") for text, _ in self._helpers.values()]

    def result(self, *, with_additions: bool = True) -> str:
        """The source with all changes; without its imports and helpers if they are shown by themselves.

        Raises:
            UnfixableError: two changes meet in one place.
        """
        edits = [*self._edits, *(edit for call in self._calls.values() for edit in call.edits(self.source))]
        if with_additions:
            edits += [*self._import_edits(), *self._helper_edits()]
        text = _applied(self.source.text, edits)
        try:
            ast.parse(text)
        except SyntaxError as error:
            raise UnfixableError(f"the changed file would be no Python: {error.msg}") from None
        return text

    def _import_edits(self) -> list[Edit]:
        found = []
        for line, before in self._import_before.items():
            at = self.source.line_start(_after_imports(self.source, before))
            found.append(Edit(at, at, f"{line}\n"))
        return found

    def _helper_edits(self) -> list[Edit]:
        """Helpers stand below the imports; one whose base the file makes itself, before the statement that needs it."""
        found = []
        for text, (_, before) in zip(self._texts(), self._helpers.values(), strict=True):
            if _base(text) in {*_imported(self.source, before), *self._imports.values()}:
                line = _after_imports(self.source, before)
                blank = next((n for n in (0, 1) if self.source.line(line + n).strip()), 2)
                at = self.source.line_start(line)
                found.append(Edit(at, at, f"\n\n{text}\n" + "\n" * (2 - blank)))
            else:
                at = self.source.line_start(_first_line(before))
                found.append(Edit(at, at, f"\n\n{text}\n\n\n"))
        return found


def _base(text: str) -> str:
    """The first name of what a helper is a subclass of; of a function, of what it calls first."""
    node = ast.parse(text).body[0]
    if isinstance(node, ast.ClassDef):
        return dotted(node.bases[0]).partition(".")[0]
    return next((n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in {"ops", "math"}), "")


def _imported(source: Source, before: ast.stmt) -> set[str]:
    """The names that the module imports before a statement."""
    statements = [s for s in source.tree.body if s.lineno < before.lineno]
    imports = [s for s in statements if isinstance(s, ast.Import | ast.ImportFrom)]
    return {(alias.asname or alias.name).partition(".")[0] for statement in imports for alias in statement.names}


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(item.lineno for item in decorators)])


def _after_imports(source: Source, before: ast.stmt) -> int:
    """The line after the last import of the module that stands before a statement; the first after a docstring."""
    line = 1
    for place, statement in enumerate(source.tree.body):
        if statement.lineno >= before.lineno:
            break
        docstring = place == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if isinstance(statement, ast.Import | ast.ImportFrom) or docstring:
            line = (statement.end_lineno or statement.lineno) + 1
    return line


def _applied(text: str, edits: list[Edit]) -> str:
    """The text with all edits, which may touch but not overlap; at one place they stand in the order given."""
    ordered = sorted(dict.fromkeys(edits), key=lambda edit: (edit.first, edit.last))
    pieces, at = [], 0
    for edit in ordered:
        if edit.first < at:
            raise UnfixableError("two changes meet in one place")
        pieces += [text[at : edit.first], edit.text]
        at = edit.last
    return "".join([*pieces, text[at:]])


def spelled_of(node: ast.expr) -> str:
    """How a call spells what it calls."""
    return dotted(node.func) if isinstance(node, ast.Call) else ""

"""A side as its fixes see it: its source, what its names stand for, and the calls that make its parts."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from paragone.fixes.draft import CallChange, Callee, Draft, UnfixableError
from paragone.fixes.source import dotted
from paragone.optimizers import optimizer_kinds
from paragone.prove.subject import Subject

KERAS = ("keras", "keras._tf_keras.keras")
_ROOTS = {"tensorflow": "keras", "torch": "torch", "jax": "flax"}


class SideCode:
    """The code of one side, and a draft of its changes.

    Args:
        subject: the side; its worker has said what its names stand for.
        wanted: the traits that are to be changed, by where and name, and their values.
        draft: takes the changes; of the whole file, which may hold several sides.
    """

    def __init__(self, subject: Subject, wanted: Mapping[tuple[str, str], Any], draft: Draft):
        self.subject = subject
        self.framework = subject.framework
        self.wanted = wanted
        self.draft = draft
        self.source = draft.source
        self._names: Mapping[str, Mapping[str, Any]] = subject.said.get("code", {}).get("names", {})

    @staticmethod
    def homes(subject: Subject) -> dict[str, str]:
        """Where what each name of a side's file stands for is defined."""
        names = subject.said.get("code", {}).get("names", {})
        return {text: str(about["home"]) for text, about in names.items()}

    def value(self, where: str, name: str) -> Any:
        """The value that a trait will have: the one that is wanted, or as it is."""
        now = {(trait.where, trait.name): trait.value for trait in self.subject.traits}
        return self.wanted.get((where, name), now.get((where, name)))

    # ------------------------------------------------------------------ what names stand for

    def callee(self, text: str) -> Callee | None:
        """What a dotted name stands for; None where it is nothing that can be called or is not known."""
        about = self._names.get(text, {})
        if not about.get("home") or "parameters" not in about:
            return None
        return Callee(about["home"], tuple(about["parameters"]), tuple(about["more"]), bool(about["any"]))

    def home(self, text: str) -> str:
        """Where what a name stands for is defined; empty where it is not known."""
        return str(self._names.get(text, {}).get("home", ""))

    def keras(self, before: ast.AST) -> str:
        """The name of Keras in this file."""
        return self.draft.module(KERAS, "keras", "import keras", self.source.statement(before))

    def torch_nn(self, before: ast.AST) -> str:
        """How this file says `torch.nn`."""
        known = {home: text for text, about in self._names.items() if (home := about.get("home")) == "torch"}
        if "torch" in known and not any(about.get("home") == "torch.nn" for about in self._names.values()):
            return f"{known['torch']}.nn"
        return self.draft.module(("torch.nn",), "nn", "from torch import nn", self.source.statement(before))

    # ------------------------------------------------------------------ calls

    def row(self, name: str) -> Mapping[str, Any]:
        """What the side says of a layer.

        Raises:
            UnfixableError: it has none of that name: its weights are parts of others' layers.
        """
        found: Mapping[str, Any] | None = next((r for r in self.subject.said["layers"] if r["name"] == name), None)
        if found is None:
            raise UnfixableError(f"{name} is no layer of {self.subject.file.shown} by itself")
        return found

    def layer(self, where: str) -> list[CallChange]:
        """The calls that make a layer: one, or all that its line makes where they are all to be changed alike.

        Raises:
            UnfixableError: it is made in another file, or among others by one line.
        """
        row = self.row(where)
        kind, line = str(row["spelled"]), row["line"]
        if not line:
            raise UnfixableError(f"{where} is not made by a line of this file")
        calls = self._making(kind, line)
        if not calls:
            raise UnfixableError(f"line {line} does not call {kind} by its name")
        fellows = [r for r in self.subject.said["layers"] if (r["spelled"], r["line"]) == (kind, line)]
        if self._alike([str(fellow["name"]) for fellow in fellows]):
            return [self.draft.call(node, callee) for node, callee in calls]
        if len(calls) != len(fellows):
            raise UnfixableError(f"line {line} makes several layers, and only some of them are to be changed")
        node, callee = calls[fellows.index(row)]
        return [self.draft.call(node, callee)]

    def _alike(self, names: list[str]) -> bool:
        """Whether the same is wanted of all these layers."""
        wanted = [{name: v for (where, name), v in self.wanted.items() if where == layer} for layer in names]
        return all(one == wanted[0] for one in wanted)

    def _making(self, kind: str, line: int) -> list[tuple[ast.Call, Callee]]:
        """The calls on a line that make an object of this class, in order; the smallest ones that stand on it."""
        root, found = _ROOTS.get(self.framework, ""), []
        for call in self.source.calls:
            callee = self.callee(dotted(call.func))
            covers = call.lineno <= line <= (call.end_lineno or call.lineno)
            if covers and callee and callee.name == kind and callee.home.split(".")[0] == root:
                found.append((call, callee))
        return [item for item in found if item[0].lineno == line] or found[-1:]

    def optimizer(self) -> CallChange:
        """The call that makes the optimizer, or the text that stands for it in Keras' `compile`.

        Raises:
            UnfixableError: there is none in this file, or there are several.
        """
        kind = str(self.subject.said["optimizer"])
        root = _ROOTS.get(self.framework, "")
        found = self.calls_of(lambda callee: callee.name == kind and callee.home.split(".")[0] == root)
        if not found and self.framework == "tensorflow":
            return self.one(self._text_of_optimizer(kind), kind)
        return self.one(found, kind)

    def one(self, found: Sequence[tuple[ast.expr, Callee]], what: str) -> CallChange:
        """The one call among these: of several, the one in the statement that the optimizer's line is in."""
        line = next((t.line for t in self.subject.traits if t.where == "optimizer" and t.line), None)
        if len(found) > 1 and line:
            near = [item for item in found if self._in_statement(item[0], line)]
            found = near or found
        if len(found) != 1:
            raise UnfixableError(f"the file makes {len(found) or 'no'} {what} by its name")
        return self.draft.call(*found[0])

    def _in_statement(self, node: ast.expr, line: int) -> bool:
        statement = self.source.statement(node)
        return statement.lineno <= line <= (statement.end_lineno or statement.lineno)

    def calls_of(self, wanted: Callable[[Callee], bool]) -> list[tuple[ast.Call, Callee]]:
        """The calls of what passes a test."""
        pairs = [(call, self.callee(dotted(call.func))) for call in self.source.calls]
        return [(call, callee) for call, callee in pairs if callee is not None and wanted(callee)]

    def _text_of_optimizer(self, kind: str) -> list[tuple[ast.expr, Callee]]:
        """`"adam"` in `compile(optimizer="adam")` or `compile("adam")`."""
        found: list[tuple[ast.expr, Callee]] = []
        for call in self.source.calls:
            if isinstance(call.func, ast.Attribute) and call.func.attr == "compile":
                given = [item.value for item in call.keywords if item.arg == "optimizer"] or call.args[:1]
                found += [(node, self._keras_class(kind)) for node in given if _says(node, kind)]
        for node, callee in found:
            change = self.draft.call(node, callee)
            change.spelled = change.spelled or f"{self.keras(node)}.optimizers.{kind}"
        return found

    def _keras_class(self, kind: str) -> Callee:
        """An optimizer of Keras that the file names by a text: it takes any of its arguments by name."""
        places = {p for k in optimizer_kinds().values() for t in k.traits for p in [t.places.get("tensorflow")] if p}
        return Callee(f"keras.optimizers.{kind}", (), tuple(sorted(places)))


def _says(node: ast.expr, kind: str) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.lower() == kind.lower()

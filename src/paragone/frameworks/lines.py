"""Where in a side's file things were made and called."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from paragone.frameworks.found import Found, SeenLayer
from paragone.layers import is_own
from paragone.sides.execute import Executed, calling_line
from paragone.sides.source import PartFinder


class Lines:
    """The part of an adapter that knows the lines of the file; `lines` has those that made objects, by their ids."""

    path: Path
    found: Found
    executed: Executed
    lines: dict[int, int]

    def optimizer_line(self) -> int | None:
        """The line that made the optimizer, or that names it in a call."""
        return self.line_of(self.found.optimizer) or PartFinder(self.path).keyword("optimizer")

    def line_of_layer(self, layer: SeenLayer) -> int | None:
        """The line that made a layer's object, or that called its function."""
        return layer.line or self.lines.get(id(layer.thing)) or None

    def line_of_call(self, module: Any) -> int | None:
        """The line that a call inside a module comes from: the module's own line where the framework wrote it."""
        made = self.lines.get(id(module)) or None
        return made if made and is_own(module) else calling_line(str(self.path)) or made

    def path_of(self, thing: Any) -> str:
        """Dotted attributes from the model to a part of it, where models name their parts (`named_modules`)."""
        parts: Iterable[tuple[str, Any]] = getattr(self.found.model, "named_modules", tuple)()
        return next((str(name) for name, part in parts if part is thing), "")

    def line_of(self, thing: Any) -> int | None:
        """The first line of the statement that bound an object."""
        return next((b.first_line for b in self.executed.bindings if b.value is thing and b.first_line > 0), None)

"""The calls of a side: which layers and functions its model calls, in order, and what stands in their places.

A call is found again by what does not change from run to run: the kind of the function, the module that was running,
and how many calls of that kind it had made since the model was called. So a change holds for the same call in every
batch, and whenever a framework traces the model anew. Functions called outside of the model, or inside a layer that
is known as a whole, are passed on untouched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np

from paragone.calls.binding import bound, with_arguments
from paragone.calls.ends import steps_of
from paragone.calls.reading import read, settings_of
from paragone.calls.site import CROPPING, FunctionCall, Key, Sighting, setting
from paragone.calls.whole import computed, seen_settings
from paragone.layers import is_own, kind_of, known_kinds
from paragone.layers.base import Called, Function, LayerKind, Settings, Spelling

Own = Callable[..., Any]
NOTHING = Spelling()


@dataclass(frozen=True)
class Change:
    """What is computed in the place of a call.

    Args:
        kind: the layer; None passes the input on.
        settings: those that are changed, as values of traits.
        other: it is another layer than the call's own, whose settings say nothing about it.
    """

    kind: LayerKind | None
    settings: Mapping[str, Any]
    other: bool = False

    @property
    def by_place(self) -> bool:
        """Whether it asks where the channels are: activations do not, but for those along an axis."""
        kind = self.kind
        return kind is not None and (not kind.activation or any(item.name == "axis" for item in kind.settings))

    def with_own(self, own: Settings) -> SimpleNamespace:
        """All settings, those that are not changed as the call has them."""
        base = {one.name: one.default for one in self.kind.settings} if self.other and self.kind else dict(own)
        return SimpleNamespace(**base | {name: setting(value, base.get(name)) for name, value in self.settings.items()})


@dataclass(frozen=True)
class Bridge:
    """What a file does to the values between two layers without calling anything that has a name.

    Args:
        key: under which it is changed.
        source: the layer whose output it takes.
        settings: its own.
    """

    key: Key
    source: Key
    settings: Settings


class Held:
    """The weights of a live layer by their roles, in canonical layout, as the framework's tensors.

    Args:
        ops: of the framework.
        thing: the layer's object; None for a function.
        spelling: where it keeps them.
    """

    def __init__(self, ops: Any, thing: Any, spelling: Spelling):
        self._ops = ops
        self.thing = thing
        self._weights = {weight.role: weight for weight in spelling.weights}

    def __getattr__(self, role: str) -> Any:
        weight = self._weights.get(role)
        native = getattr(self.thing, weight.attribute, None) if weight else None
        if weight is None or native is None:
            return None
        tensor = self._ops.value(native)
        rank = len(tensor.shape)
        if weight.multiplied:
            return self._ops.reshape(tensor, (*tensor.shape[:-2], 1, int(tensor.shape[-2]) * int(tensor.shape[-1])))
        return self._ops.transpose(tensor, (*range(2, rank), 1, 0)) if weight.output_first else tensor


class Sites:
    """The calls of the side that this process runs.

    Args:
        framework: its id.
        ops: what exact forms are computed with.
        identity: what tells a module from all others of the model, also where a framework traces a copy of it.
        line: the line of the user's file that a call comes from, given the module that is running.
        entered: told of the model whenever it is called.
    """

    def __init__(
        self,
        framework: str,
        ops: Any,
        identity: Callable[[Any], Any] = id,
        line: Callable[[Any], int | None] = lambda _module: None,
        entered: Callable[[Any], None] = lambda _root: None,
    ):
        self.framework = framework
        self.ops = ops
        self._identity = identity
        self._line = line
        self._entered = entered
        self.reset()

    def reset(self) -> None:
        """Nothing seen, nothing changed, nothing running."""
        self.sightings: list[Sighting] | None = None
        self.changes: dict[Key, Change] = {}
        self.followers: dict[Key, Change] = {}
        self.bridges: dict[Key, Bridge] = {}
        self.arounds: dict[Key, Callable[[Own, tuple[Any, ...], Mapping[str, Any]], Any]] = {}
        self.inputs: dict[Key, Any] = {}
        self._sources: dict[Key, Any] = {}
        self._running: list[Any] = []
        self._counts: Counter[Any] = Counter()
        self._hidden = 0
        self._may_be_cut: Sighting | None = None

    @property
    def idle(self) -> bool:
        """Whether every call may be passed on without a look."""
        return self.sightings is None and not self.changes and not self.followers and not self.arounds

    @contextmanager
    def observed(self) -> Iterator[list[Sighting]]:
        """Everything that is called meanwhile, in order of execution."""
        found: list[Sighting] = []
        self.sightings, self._may_be_cut = found, None
        try:
            yield found
        finally:
            self.sightings = None

    # ------------------------------------------------------------------ calls

    def layer(self, module: Any, own: Own, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """A call of a module, known or not; the outermost is that of the model."""
        if self.idle:
            return own(*args, **kwargs)
        if not self._running:
            self._counts.clear()
            self._entered(module)
        key: Key = ("", self._identity(module), 0)
        known = kind_of(module, self.framework)
        at = len(self.sightings) if self.sightings is not None else 0
        args = self._bridged(key, args)
        if key in self.inputs:
            self.inputs[key] = args[0]
        with self._inside(module, hides=known is not None and not known[1].open):
            change = self.changes.get(key)
            inputs = [*args, *kwargs.values()]
            if change and change.kind and known and known[1].called:
                output = self._whole(change, module, known[1].called, own, args, kwargs)
            elif change and known:
                settings = self._settings_of(module, known[1], args, kwargs)
                output = self._changed(change, Held(self.ops, module, known[1]), known[1], inputs, settings)
                own_activation = getattr(module, "activation", None) if known[1].open else None
                output = own_activation(output) if callable(own_activation) else output
            else:
                around = self.arounds.get(key)
                output = around(own, args, kwargs) if around else own(*args, **kwargs)
        if key in self.followers:
            spelling = known[1] if known else Spelling()
            output = self._changed(self.followers[key], Held(self.ops, None, spelling), spelling, [output], {})
        if key in self._sources:
            self._sources[key] = output
        if self.sightings is not None and not self._part_of_another(known):
            self._note_layer(self.sightings, at, module, known, args, kwargs, output)
        return output

    def _note_layer(
        self,
        seen: list[Sighting],
        at: int,
        module: Any,
        known: tuple[str, Spelling] | None,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        output: Any,
    ) -> None:
        """What was seen of a call of a module; `at`: how much had been seen before it."""
        settings = self._settings_of(module, known[1] if known else None, args, kwargs, output)
        key: Key = ("", self._identity(module), 0)
        line = self._line(self._running[-1] if self._running else None)
        one = Sighting(module, key, called=line, settings=settings, inside=bool(self._hidden))
        found = self._seen(one, args, output)
        if known and known[1].lay:
            lay = partial(known[1].lay, module, dict(kwargs))
            found.steps = steps_of(lay(output), output, self.ops.numbers)
            found.lay = lay if found.steps else None
        inner = seen[at:] if known and known[1].open else []
        if inner:
            found.gave = inner[0].given
        seen.insert(len(seen) - len(inner), found)

    def _part_of_another(self, known: tuple[str, Spelling] | None) -> bool:
        """Whether a layer with nothing to tell by itself is called inside of one that is known as a whole."""
        return bool(self._hidden) and known is not None and not (known[1].weights or known[1].attributes)

    def function(
        self,
        kind: LayerKind,
        spelling: Spelling,
        function: Function,
        own: Own,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> Any:
        """A call of a function that computes a layer."""
        if self._hidden or not self._running or self.idle:
            return own(*args, **kwargs)
        given = bound(function, args, kwargs)
        if given is None or (function.weights and kind_of(self._running[-1], self.framework)):
            return own(*args, **kwargs)
        module = self._identity(self._running[-1])
        counted = kind.name, module
        key: Key = (*counted, self._counts[counted])
        self._counts[counted] += 1
        args = self._bridged(key, args)
        given = bound(function, args, kwargs) or given
        inputs = list(vars(given).values())[: function.inputs]
        spelling = function.spelling(spelling)
        with self._inside(None, hides=True):
            output = self._computed(key, spelling, function, own, args, kwargs, given)
        if key in self._sources:
            self._sources[key] = output
        if self.sightings is not None:
            settings = settings_of(function, given, inputs[0], spelling)
            call = FunctionCall(kind, spelling, function, function.places[0].rpartition(".")[2], self._running[-1])
            line = self._line(self._running[-1])
            found = self._seen(Sighting(call, key, line, settings=settings), inputs, output)
            self.sightings.append(self._with_weight(found, given, output) if function.weights else found)
        return output

    def _computed(
        self,
        key: Key,
        spelling: Spelling,
        function: Function,
        own: Own,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        given: SimpleNamespace,
    ) -> Any:
        """What a function gives, changed where it is to be."""
        inputs = list(vars(given).values())[: function.inputs]
        change, follower = self.changes.get(key), self.followers.get(key)
        arguments = {item.trait for item in function.arguments}
        if change is None:
            output = own(*args, **kwargs)
        elif change.settings and not change.other and set(change.settings) <= arguments:
            call = with_arguments(function, args, kwargs, change.settings)
            output = own(*call.args, **call.kwargs)
        else:
            settings = read(function.reads, given, inputs[0], spelling)
            output = self._changed(change, Held(self.ops, given, spelling), spelling, inputs, settings)
        if follower is None:
            return output
        return self._changed(follower, Held(self.ops, None, spelling), spelling, [output], {})

    def _with_weight(self, found: Sighting, given: SimpleNamespace, output: Any) -> Sighting:
        """With the weight that a function was given, and its output where a bias may come after it."""
        first, *others = found.thing.function.weights
        found.weight = self.ops.numbers(self.ops.value(getattr(given, first.attribute)))
        if all(getattr(given, one.attribute, None) is None for one in others):
            array = self.ops.numbers(output)
            found.output = None if array is None else array[0]
        return found

    @contextmanager
    def _inside(self, module: Any, *, hides: bool) -> Iterator[None]:
        self._hidden += hides
        if module is not None:
            self._running.append(module)
        try:
            yield
        finally:
            self._hidden -= hides
            if module is not None:
                self._running.pop()

    # ------------------------------------------------------------------ what stands in the place of a call

    def _whole(
        self, change: Change, module: Any, called: Called, own: Own, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Any:
        assert change.kind is not None
        assert change.kind.compute is not None
        settings = change.with_own({})
        return computed(self.ops, module, called, change.kind.compute, settings, own, args, kwargs)

    def bridge(self, to: Key, bridge: Bridge) -> None:
        """From now on a change of this bridge is what `to` takes from the layer before it."""
        self.bridges[to] = bridge
        self._sources[bridge.source] = None

    def _bridged(self, key: Key, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The arguments of a layer, the first computed anew from what the layer before gave."""
        bridge = self.bridges.get(key)
        change = self.changes.get(bridge.key) if bridge else None
        if bridge is None or change is None or not args:
            return args
        value = self._changed(
            change, Held(self.ops, None, NOTHING), NOTHING, [self._sources[bridge.source]], bridge.settings
        )
        return (value, *args[1:])

    def _changed(self, change: Change, held: Held, spelling: Spelling, inputs: list[Any], own: Settings) -> Any:
        if change.kind is None:
            return inputs[0]
        assert change.kind.compute is not None
        at = spelling.channels_at
        moved = at != -1 and len(inputs[0].shape) > 2 and change.by_place
        tensors = tuple(self.ops.moveaxis(one, at, -1) if moved and _is_array(one) else one for one in inputs)
        with self._inside(None, hides=True):
            output = change.kind.compute(self.ops, tensors, change.with_own(own), held)
        return self.ops.moveaxis(output, -1, at) if moved and len(output.shape) > 2 else output

    # ------------------------------------------------------------------ what is seen

    def _settings_of(
        self,
        module: Any,
        spelling: Spelling | None,
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        gave: Any = None,
    ) -> Settings:
        if spelling is not None and spelling.called is not None:
            return seen_settings(self.ops, module, spelling.called, args, kwargs, gave)
        if spelling is None or spelling.reads is None or not is_own(module) or not args:
            return {}
        return read(spelling.reads, module, args[0], spelling)

    def _seen(self, sighting: Sighting, inputs: Any, output: Any) -> Sighting:
        first, last = self.ops.first(inputs), self.ops.first(output)
        if first is not None:
            sighting.input_shape, sighting.given = tuple(first.shape[1:]), self._values(first)
            self._note_taken(sighting, first)
        if last is not None:
            sighting.output_shape, sighting.gave = tuple(last.shape[1:]), self._values(last)
            self._note_given(sighting, last)
        return sighting

    def _note_given(self, sighting: Sighting, tensor: Any) -> None:
        """What a layer that cuts places off gives, until it is seen what is taken of it."""
        known = self._may_be_cut is not None and self._may_be_cut.thing is sighting.thing
        if not known and CROPPING in sighting.settings and (array := self.ops.numbers(tensor)) is not None:
            sighting.uncut = array[0], None
            self._may_be_cut = sighting

    def _note_taken(self, sighting: Sighting, tensor: Any) -> None:
        """What a call takes of the layer before it, where a file may have cut off some of what that gave."""
        before = self._may_be_cut
        if before is None or before.thing is sighting.thing:
            return
        self._may_be_cut = None
        if (array := self.ops.numbers(tensor)) is not None:
            before.uncut = before.uncut[0], array[0]

    def _values(self, tensor: Any) -> bytes:
        """The values of the first sample in order of size, which a reshape or a transpose does not change."""
        array = self.ops.numbers(tensor)
        return b"" if array is None or not array.shape else np.sort(array[0], axis=None).tobytes()


def _is_array(value: Any) -> bool:
    return len(getattr(value, "shape", ())) > 2


def functions(framework: str) -> Iterator[tuple[LayerKind, Spelling, Function]]:
    """Every function of a framework that computes a layer, from the layers' files."""
    for kind in known_kinds().values():
        spelling = kind.spellings.get(framework)
        for function in spelling.functions if spelling else ():
            yield kind, spelling, function  # type: ignore[misc]  # there is a spelling

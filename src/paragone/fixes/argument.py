"""The change of most traps: an argument of the call that makes the layer or the optimizer."""

from __future__ import annotations

from typing import Any

from paragone.fixes.draft import CallChange, Callee, UnfixableError, spelled_of
from paragone.fixes.setting import set_setting
from paragone.fixes.side import SideCode
from paragone.fixes.written_step import set_in_step
from paragone.layers import layer_kinds
from paragone.optimizers import optimizer_kinds
from paragone.optimizers.base import OptimizerTrait
from paragone.spelling.code import literal

_OPTAX = {"trace.decay": "momentum", "scale.step_size": "learning_rate"}
"""What Optax' ready optimizers call a number of their transformations, where it is not its own name."""

_CLIPS = {"clip", "clip_by_global_norm"}
"""Transformations of Optax that clip: at 0 they would take every gradient away, where elsewhere 0 is no clipping."""


def set_argument(side: SideCode, where: str, name: str, value: Any) -> None:
    """Give the argument that a trait is."""
    if where == "optimizer":
        _set_optimizer(side, name, value)
    else:
        _set_layer(side, where, name, value)


def _set_layer(side: SideCode, where: str, name: str, value: Any) -> None:
    kind = next((str(row["kind"]) for row in side.subject.said["layers"] if row["name"] == where), "")
    spelling = layer_kinds()[kind].spellings.get(side.framework) if kind in layer_kinds() else None
    found = [item for item in spelling.attributes if item.trait == name and item.attribute] if spelling else []
    if not found:
        set_setting(side, kind, where, name, value)
        return
    for call in side.layer(where):
        call.set(side.source, found[0].attribute, literal(found[0].canonical(value)))


def _set_optimizer(side: SideCode, name: str, value: Any) -> None:
    place = trait_of(name, side).places.get(side.framework, "")
    if not place:
        raise UnfixableError(f"the optimizer has no argument for {name} in this framework")
    if any(trait.mixed for trait in side.subject.traits if (trait.where, trait.name) == ("optimizer", name)):
        raise UnfixableError(f"groups of parameters have each their own {name.replace('_', ' ')}")
    if place.startswith("seen."):
        raise UnfixableError("the side's own step clips, and not the optimizer")
    if side.framework == "jax":
        _set_optax(side, name, place, value)
        return
    call, (key, _, index) = side.optimizer(), place.partition(".")
    call.set(side.source, key, _pair(side, key) if index else literal(value))


def trait_of(name: str, side: SideCode) -> OptimizerTrait:
    """A trait of the side's optimizer.

    Raises:
        UnfixableError: it has none of that name.
    """
    kinds = optimizer_kinds()
    kind = side.value("optimizer", "optimizer")
    found = [trait for trait in kinds[kind].traits if trait.name == name] if kind in kinds else []
    if not found:
        kind_of_none = name == "optimizer"  # a step that moves the weights itself
        raise UnfixableError(
            "the file has no optimizer whose kind could be changed" if kind_of_none else f"the optimizer has no {name}"
        )
    return found[0]


def _pair(side: SideCode, key: str) -> str:
    """Both betas, of which one is changed."""
    return literal(tuple(side.value("optimizer", f"{key.removesuffix('s')}_{number}") for number in (1, 2)))


def _set_optax(side: SideCode, trait: str, places: str, value: Any) -> None:
    """Set a number of a transformation; where several may hold it, of the one that the file makes."""
    if places.partition(".")[0] in _CLIPS and not value:
        raise UnfixableError(f"optax.{places.partition('.')[0]} is to be taken out of the chain")
    for place in places.split("|"):
        maker, _, variable = place.partition(".")
        call = optax_call(side, maker, variable)
        if call is not None and place == "scale.step_size" and call.callee.name == "scale":
            call.set(side.source, "step_size", literal(-value))
            return
        if call is not None:
            name = variable if call.callee.name == maker else _OPTAX.get(place, variable)
            call.set(side.source, name, literal(value))
            return
    if places == "add_decayed_weights.weight_decay":
        _add_decay(side, value)
    else:
        set_in_step(side, trait, [place.rpartition(".")[2] for place in places.split("|")], value)


def optax_call(side: SideCode, maker: str, variable: str) -> CallChange | None:
    """The call that makes a transformation, or a ready optimizer that holds it and takes its number."""
    name = _OPTAX.get(f"{maker}.{variable}", variable)
    direct = side.calls_of(lambda callee: _is_optax(callee) and callee.name == maker and callee.takes(variable))
    ready = side.calls_of(lambda callee: _is_optax(callee) and ".alias." in callee.home and callee.takes(name))
    scaled = side.calls_of(lambda callee: callee.name == "scale_by_learning_rate" and callee.takes(name))
    found = direct or ready or scaled
    return side.one(found, "optimizers of Optax") if found else None


def _add_decay(side: SideCode, value: Any) -> None:
    """Weight decay where there was none: Adam becomes AdamW, another is chained behind it."""
    found = side.calls_of(lambda callee: _is_optax(callee) and ".alias." in callee.home)
    call = side.one(found, "optimizers of Optax")
    spelled = spelled_of(call.node)
    if call.callee.name == "adam" and spelled.endswith(".adam"):
        call.spelled = f"{spelled}w"
        call.callee = Callee(f"{call.callee.home}w", call.callee.parameters, ("weight_decay",), True)
        call.set(side.source, "weight_decay", literal(value))
        return
    optax = side.draft.module(("optax",), "optax", "import optax", side.source.statement(call.node))
    call.around = (f"{optax}.chain({optax}.add_decayed_weights({literal(value)}), ", ")")


def _is_optax(callee: Callee) -> bool:
    return callee.home.split(".")[0] == "optax"

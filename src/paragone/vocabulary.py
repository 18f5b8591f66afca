"""All words of task files, and how each framework says them in a `matched` side: native, composed, or impossible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from paragone.clipping import clipping_kinds
from paragone.frameworks.descriptor import Descriptor
from paragone.frameworks.registry import frameworks
from paragone.initialisers import initialiser_kinds
from paragone.layers.base import LayerKind
from paragone.losses import loss_kinds
from paragone.losses.base import LossSite
from paragone.metrics import metric_kinds
from paragone.optimizers import optimizer_kinds
from paragone.optimizers.entry import OptimizerSite
from paragone.schedules import schedule_kinds
from paragone.schedules.base import ScheduleSite
from paragone.spelling.code import Code, literal, number
from paragone.spelling.site import Chosen, Impossible, Site
from paragone.task.graph import entries
from paragone.task.tensor import Tensor


@dataclass(frozen=True)
class WordSupport:
    """One word and how it is said.

    Args:
        name: as task files call it.
        computes: the formula, in one line.
        rows: rows of the catalogue of traps that it meets.
        said: by framework, what each of its examples is spelled as.
        options: the fields that it has, each with its default.
        starts: the options that say how its weights start.
    """

    name: str
    computes: str
    rows: tuple[str, ...]
    said: Mapping[str, tuple[Any, ...]]
    options: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()

    def support(self, framework: str) -> str:
        """Native, composed (with a helper in the file), impossible and why; by example where they differ."""
        if not self.said.get(framework):
            return "–"
        return "; ".join(dict.fromkeys(_support(spelled) for spelled in self.said[framework]))


def _support(spelled: Any) -> str:
    if isinstance(spelled, Impossible):
        return f"impossible: {spelled.why}"
    helpers = ", ".join(f"`{helper.name}`" for helper in spelled.helpers)
    return f"composed ({helpers})" if helpers else "native"


def option_words(options: type[BaseModel]) -> tuple[str, ...]:
    """Every option as people read it: `units`, `strides = 1`, `padding = "valid"` with the other choices."""
    return tuple(_option(name, field) for name, field in options.model_fields.items())


def _option(name: str, field: FieldInfo) -> str:
    if field.is_required():
        return f"`{name}`"
    default = field.default
    shown = "none" if default is None else str(default).lower() if isinstance(default, bool) else literal(default)
    others = [literal(one) for one in get_args(field.annotation) if isinstance(one, str) and one != default]
    return f"`{name} = {shown}`" + (f" (or {', '.join(others)})" if others else "")


def written_frameworks() -> dict[str, Descriptor]:
    """The frameworks that sides can be written in."""
    return {name: item for name, item in frameworks().items() if item.recipe}


def vocabulary() -> dict[str, list[WordSupport]]:
    """Every word, by what it is."""
    words = entries()
    functions = {name: kind for name, kind in words.items() if kind.entry and kind.entry.function}
    return {
        "layers": [_layer(kind) for name, kind in words.items() if name not in functions],
        "activations": [_layer(kind) for kind in functions.values()],
        "losses": [_word(kind, kind.spellings, _loss_sites(kind)) for kind in loss_kinds().values()],
        "optimizers": [_optimizer(kind) for kind in optimizer_kinds().values() if kind.entry],
        "schedules": [_word(kind, kind.spellings, _schedule_sites(kind)) for kind in schedule_kinds().values()],
        "clipping": [_word(kind, kind.spellings, _chosen(kind)) for kind in clipping_kinds().values()],
        "initialisers": [
            WordSupport(kind.name, kind.computes, (), {}, option_words(kind.options))
            for kind in initialiser_kinds().values()
        ],
        "metrics": [WordSupport(kind.name, kind.computes, (), {}) for kind in metric_kinds().values()],
    }


def _word(kind: Any, writers: Mapping[str, Callable[[Any], Any]], sites: Iterable[Any]) -> WordSupport:
    listed = list(sites)
    said = {name: tuple(writers[name](site) for site in listed) for name in written_frameworks() if writers.get(name)}
    return WordSupport(kind.name, kind.computes, kind.rows, said, option_words(kind.options))


def _layer(kind: LayerKind) -> WordSupport:
    entry = kind.entry
    assert entry is not None
    writers = {name: spelling.write for name, spelling in kind.spellings.items() if spelling.write}
    sites = []
    for example in entry.examples:
        given = {k: v for k, v in example.items() if k in entry.options.model_fields}
        shapes = example.get("shapes") or [example["shape"]]
        kinds = example.get("kinds") or ["float"] * len(shapes)
        inputs = tuple(Tensor(tuple(shape), what) for shape, what in zip(shapes, kinds, strict=True))
        options = entry.options.model_validate(given)
        sites.append(Site(options, "matched", "layer", inputs, entry.output(options, inputs)))
    said = {name: tuple(write(site) for site in sites) for name, write in writers.items()}
    starts = dict.fromkeys(one.option for site in sites for one in entry.weights(site.options, site.inputs))
    fields = option_words(entry.options)
    return WordSupport(kind.name, entry.computes, entry.rows, said, fields, tuple(filter(None, starts)))


def _loss_sites(kind: Any) -> Iterable[LossSite]:
    for example in kind.examples:
        options = kind.options.model_validate({k: v for k, v in example.items() if k in kind.options.model_fields})
        output = Tensor(tuple(example["output"]))
        yield LossSite(options, "matched", output, Tensor(tuple(example.get("target", ()))))


def _optimizer(kind: Any) -> WordSupport:
    entry = kind.entry
    sites = [
        OptimizerSite(options, "matched", Code(number(options.learning_rate)))
        for options in (entry.options.model_validate(example) for example in entry.examples)
    ]
    said = {name: tuple(write(site) for site in sites) for name, write in entry.spellings.items()}
    return WordSupport(kind.name, entry.computes, entry.rows, said, option_words(entry.options))


def _schedule_sites(kind: Any) -> Iterable[ScheduleSite]:
    return (ScheduleSite(kind.options.model_validate(example), "matched", 0.1) for example in kind.examples)


def _chosen(kind: Any) -> Iterable[Chosen]:
    return (Chosen(kind.options.model_validate(example), "matched") for example in kind.examples)

"""From a record to one self-contained page. A pure function: the same record gives the same bytes."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from paragone.records import Run
from paragone.report.phrases import Figure, Link, Phrase, Source
from paragone.report.samples import groups
from paragone.report.sections.causes import causes_view
from paragone.report.sections.choice import choice_view
from paragone.report.sections.claims import claims_view
from paragone.report.sections.deployment import deployment_view
from paragone.report.sections.growth import growth_view
from paragone.report.sections.ladder import ladder_view
from paragone.report.sections.learning import learning_view
from paragone.report.sections.machine import machine_view
from paragone.report.sections.sides import sides_view
from paragone.report.sections.timing import memory_view, phases_view, timing_view
from paragone.report.text import cleaned
from paragone.report.verdicts import answers, deployed_alone, timed_alone

_CODE = re.compile(r"`([^`]+)`")
SECTIONS = {
    "sides": "The sides",
    "ladder": "The ladder",
    "causes": "The causes",
    "learning": "Learning",
    "growth": "Cost as it grows",
    "timing": "Timing",
    "phases": "Phases",
    "memory": "Memory",
    "deployment": "What arrives",
    "choice": "The choice",
    "claims": "What people say",
    "machine": "Machine and versions",
    "samples": "Samples",
}
OF_A_PROOF = frozenset({"ladder", "causes", "learning", "choice"})
"""Sections that hold nothing where only the speed was asked for, or only what arrives."""
OF_ONE_SIZE = frozenset({"timing", "phases", "memory"})
"""Sections that hold nothing where every size was timed, or nothing was."""
TEMPLATES = Path(__file__).parent / "templates"


def render_page(run: Run) -> str:
    """The page of a run: one file that works offline, in light and dark, on a phone and on paper."""
    run = cleaned(run)
    style, script = _asset("page.css"), _asset("page.js") + _asset("choice.js")
    return (
        _environment()
        .get_template("page.html")
        .render(
            run=run,
            style=Markup(style),
            script=Markup(script),
            policy=_policy(style, script),
            answers=answers(run),
            sections=_sections(run),
            sides=sides_view(run),
            ladder=ladder_view(run),
            causes=causes_view(run),
            learning=learning_view(run),
            growth=growth_view(run),
            timing=timing_view(run),
            phases=phases_view(run),
            memory=memory_view(run),
            deployment=deployment_view(run),
            choice=choice_view(run),
            claims=claims_view(run),
            machine=machine_view(run),
            samples=groups(run),
        )
    )


def _sections(run: Run) -> dict[str, str]:
    """Titles by name; of a timing alone, or of a deployment alone, without what it does not ask for."""
    left_out = OF_A_PROOF if timed_alone(run) or deployed_alone(run) else frozenset()
    left_out |= {"growth"} if run.sweep is None else frozenset()
    left_out |= OF_ONE_SIZE if run.sweep is not None or deployed_alone(run) else frozenset()
    left_out |= frozenset() if run.artifacts else {"deployment"}
    left_out |= frozenset() if run.claims else {"claims"}
    return {name: title for name, title in SECTIONS.items() if name not in left_out}


def phrase_html(phrase: Phrase) -> Markup:
    """A phrase for the page: every figure leads to its samples."""
    return Markup("").join(map(_piece_html, phrase))


def _piece_html(piece: str | Figure | Link | Source) -> Markup:
    if isinstance(piece, Figure):
        return Markup('<a class="n" href="#samples-{}">{}</a>').format(piece.sheet, piece.text)
    if isinstance(piece, Link):
        return Markup('<a class="to" href="#{}">{}</a>').format(piece.target, piece.text)
    if isinstance(piece, Source):
        return Markup('<a class="out" href="{}" rel="noreferrer noopener">{}</a>').format(piece.url, piece.text)
    return prose(piece)


def prose(text: str) -> Markup:
    """A sentence for the page, with what stands between backticks set as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def breakable(text: str) -> Markup:
    """A name that may be broken after its slashes."""
    return Markup(str(escape(text)).replace("/", "/<wbr>"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("paragone.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["phrase"] = phrase_html
    environment.filters["prose"] = prose
    environment.filters["breakable"] = breakable
    return environment


@cache
def _asset(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """The page may run its own script and use its own style; it may ask for nothing else."""
    allowed = {
        "default-src": "'none'",
        "style-src": _hash(style),
        "script-src": _hash(script),
        "img-src": "data:",
    }
    allowed |= {"base-uri": "'none'", "form-action": "'none'"}
    return "; ".join(f"{name} {value}" for name, value in allowed.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

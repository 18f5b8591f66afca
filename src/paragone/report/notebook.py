"""The page of a run inside a notebook."""

from __future__ import annotations

from markupsafe import Markup

from paragone.records import Run
from paragone.report.page import render_page

# The frame may run the page's own script and nothing else: it has no access to the notebook around it.
_FRAME = Markup(
    '<iframe title="Report of {name}" sandbox="allow-scripts" srcdoc="{page}" '
    'width="100%" height="800" style="border: 1px solid #8884; border-radius: 4px"></iframe>'
)


def notebook_html(run: Run) -> str:
    """A frame that holds the whole page."""
    return str(_FRAME.format(name=run.name, page=render_page(run)))

"""What a loss computes, by what it gives and not by its name: one file for each form."""

from __future__ import annotations

from functools import cache

from paragone.meaning.forms.base import Form
from paragone.words import Words


@cache
def loss_forms() -> Words[Form]:
    """All forms, found by the files in this folder."""
    return Words({__name__: __path__}, "FORM", ("base", "shared"))

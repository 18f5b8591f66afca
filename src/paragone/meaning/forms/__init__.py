"""What a loss computes, by what it gives and not by its name: one file for each form."""

from __future__ import annotations

from functools import cache

from paragone.meaning.forms.base import Form
from paragone.words import Words


@cache
def loss_forms() -> Words[Form]:
    """All forms, found by the files in this folder."""
    return Words({__name__: __path__}, "FORM", ("base", "shared"))


def exchangeable(form: Form) -> bool:
    """Whether it may stand in the place of another such form: both take any numbers, and targets of the same shape."""
    return not form.takes and not form.alone and not form.classes

"""A fact that no run of this machine can show: dated, with its source and who says so."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from paragone.records.base import Record

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Url = Annotated[str, StringConstraints(pattern=r"^(https://[^\s\"'<>]+|benchmarks/facts\.py#[a-z_0-9]+)$")]
SaysWho = Literal["vendor", "independent", "ours"]


class Fact(Record):
    """One fact of a subject.

    Args:
        id: `SUBJECT/NAME`, where SUBJECT is its file.
        says: the whole fact in one sentence, as a person can quote it.
        value: what it is, alone.
        unit: of the value: `version`, `date`, `share`, `ms`; `yes or no` for a state of things.
        date: the day of which it holds.
        source: a page where it can be read; of a fact of ours, the function that measures it again.
        source_says: what is to be read there, in few words.
        says_who: the vendor of what it is about, somebody independent, or we ourselves, measured.
        checked: how it was checked before it was written here.
        look_again: from this day on it may have changed, and is printed with that said.
        rests_on: versions of installed packages that it is about; other versions make it stale.
    """

    id: Text
    says: Text
    value: bool | int | float | Text
    unit: Text
    date: datetime.date
    source: Url
    source_says: Text
    says_who: SaysWho
    checked: Text
    look_again: datetime.date
    rests_on: dict[str, str] = Field(default_factory=dict)

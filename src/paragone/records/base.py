"""What all records are: frozen, typed, without unknown fields."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

SameVerdict = Literal["same", "different", "undecided", "not run"]


DType = Literal["float32", "float64"]


class Record(BaseModel):
    """A frozen record; an unknown field is an error. JSON has no infinity: it is the text `Infinity` there."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")


class Interval(Record):
    """An estimate with the interval that holds it; `level` is the confidence (0.99 for 99 %)."""

    mid: float
    low: float
    high: float
    level: float = 0.95
    n: int = 0

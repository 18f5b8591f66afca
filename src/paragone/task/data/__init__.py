"""Neutral data: where it comes from, the form it must have, how it is split and saved."""

from __future__ import annotations

from paragone.task.data.load import LoadedData, load_data
from paragone.task.data.targets import check_labels

__all__ = ["LoadedData", "check_labels", "load_data"]

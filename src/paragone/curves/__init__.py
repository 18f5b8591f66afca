"""Every curve of a run as TensorBoard event files, for all frameworks alike; no framework takes part in it."""

from paragone.curves.save import check_place, save_curves

__all__ = ["check_place", "save_curves"]

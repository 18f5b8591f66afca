"""Every run that was made, with its environment, in one database on this machine; runs are found again by their ids."""

from paragone.history.runs import listed, lookup, remember

__all__ = ["listed", "lookup", "remember"]

"""Neutral data: where it comes from, the form it must have, how it is split and saved."""

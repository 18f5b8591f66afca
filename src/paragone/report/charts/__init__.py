"""Charts as inline SVG, drawn twice: for a wide page and for a narrow one."""

from __future__ import annotations

from paragone.report.charts.base import Chart

__all__ = ["Chart"]

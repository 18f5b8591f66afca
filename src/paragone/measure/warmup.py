"""When a process is warm: seen from its own steps, never assumed to be after some fixed time.

A fixed warm-up is wrong for most programs: at most 43.5 % of pairs of virtual machine and benchmark reach a steady peak
at all (Barrett et al., OOPSLA 2017, doi:10.1145/3133876). A process runs in chunks of some milliseconds until the later
half of them has no trend any more, by Kendall's rank test, which a neighbour's bursts hardly move. The level is high on
purpose: a trend that is suspected wrongly costs a few chunks more. What creeps on too slowly for a second or two to
show it is left to `paragone.measure.steadiness`, which sees all sets.
"""

from __future__ import annotations

from collections.abc import Sequence

from scipy.stats import kendalltau

FEWEST_CHUNKS = 10
"""Chunks in which a trend can be seen; also the chunks that a warm-up has at least."""

TREND_P = 0.2
LONGEST = 6.0
"""Warm-ups of the least length that a process is given to become warm."""


def trending(chunk_step_s: Sequence[float]) -> bool | None:
    """Whether the steps still become faster or slower, in the later half of the chunks; None where they are too few.

    Args:
        chunk_step_s: seconds a step of each chunk, in the order in which they ran.
    """
    if len(chunk_step_s) < FEWEST_CHUNKS:
        return None
    late = chunk_step_s[-max(FEWEST_CHUNKS, len(chunk_step_s) // 2) :]
    return bool(kendalltau(range(len(late)), late).pvalue < TREND_P)

"""Conciseness: tokens in the side's file. It is a proxy for how much there is to read and change, and no more.

Comments, docstrings and layout are not counted. The count is exact; that another person would have written the same
side a little shorter or longer is why less than 8 % does not count, an assumption and no measurement. Scale: 10,000 to
30 tokens, logarithmic. 10,000 tokens are more than a thousand lines; 30 are an import, a one-layer model, a loss and
an optimizer.
"""

from __future__ import annotations

import ast
import io
import tokenize
from functools import lru_cache

from paragone.choose.criteria.base import Kind, RunEvidence, exactly
from paragone.choose.scale import Scale
from paragone.records import Interval, Side

_LAYOUT = {
    tokenize.ENCODING,
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}
_BREAKS = {tokenize.ENCODING, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
_F_START = getattr(tokenize, "FSTRING_START", -1)
_F_END = getattr(tokenize, "FSTRING_END", -1)


def tokens(code: str) -> int:
    """Tokens of a Python text without comments, docstrings and layout; an f-string is one token in every Python."""
    kinds = [token.type for token in tokenize.generate_tokens(io.StringIO(code).readline)]
    kinds = [kind for kind in _whole_strings(kinds) if kind not in {tokenize.COMMENT, tokenize.NL}]
    before = [tokenize.NEWLINE, *kinds]
    after = [*kinds[1:], tokenize.NEWLINE]
    return sum(
        kind not in _LAYOUT and not (kind == tokenize.STRING and last in _BREAKS and then == tokenize.NEWLINE)
        for last, kind, then in zip(before, kinds, after, strict=False)
    )


def _whole_strings(kinds: list[int]) -> list[int]:
    whole: list[int] = []
    depth = 0
    for kind in kinds:
        depth -= kind == _F_END
        if not depth and kind != _F_START:
            whole.append(tokenize.STRING if kind == _F_END else kind)
        depth += kind == _F_START
    return whole


def _read(_: RunEvidence, side: Side) -> Interval | None:
    count = _counted(side.code)
    return exactly(count) if count else None


@lru_cache(maxsize=256)
def _counted(code: str) -> int:
    """Tokens of a side; 0 for what is no Python."""
    try:
        ast.parse(code)
        return tokens(code)
    except (tokenize.TokenError, SyntaxError, ValueError):
        return 0


CRITERION = Kind(
    id="conciseness",
    label="Conciseness",
    scale=Scale(worst=10_000.0, best=30.0, unit="tokens", log=True),
    least=1.08,
    evidence="counted in the side's file: tokens without comments and docstrings, a proxy",
    read=_read,
    absent="a side's file could not be read as Python",
)

"""`python -m benchmarks.scoreboard --planted 5 --regime hog --trials 3`: more trials, each kept as soon as it is done.

Without `--trials` only the page and the plot are written again from docs/results/scoreboard.json. pyperf comes with
`pip install 'paragone[benchmarks]'`, hyperfine with `apt-get install hyperfine`; a tool that is missing is left out and
said to be.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from pathlib import Path

from benchmarks.first_task import FRAMEWORKS
from benchmarks.instrument import NEIGHBOURS, neighbour
from benchmarks.scoreboard.ledger import ROWS, add, read
from benchmarks.scoreboard.page import PLOT, page
from benchmarks.scoreboard.plot import save_plot
from benchmarks.scoreboard.tool import Probe, Tool, Trial, probe
from benchmarks.scoreboard.tools import tools
from benchmarks.scoreboard.trial import rows

from paragone.trials import write_whole


def main() -> None:
    """Make trials, keep them, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", choices=tuple(FRAMEWORKS), default="torch")
    parser.add_argument("--planted", type=float, default=0.0, help="percent of steps more")
    parser.add_argument("--regime", choices=tuple(NEIGHBOURS), default="idle")
    parser.add_argument("--budget", type=float, default=120.0, help="seconds of wall time for a trial of one tool")
    parser.add_argument("--trials", type=int, default=0, help="of each tool")
    parser.add_argument("--tool", choices=tuple(tools()), action="append", help="only this one (may be repeated)")
    parser.add_argument("--rows", type=Path, default=ROWS)
    chosen = parser.parse_args()
    able = [tool for name, tool in tools().items() if name in (chosen.tool or tools())]
    for _ in range(chosen.trials):
        taken = probe(chosen.side)
        for tool in able:
            if tool.found():
                _one(tool, taken, chosen)
            else:
                print(f"{tool.name}: not run here: needs {tool.needs}", flush=True)
    write(chosen.rows)


def _one(tool: Tool, taken: Probe, chosen: argparse.Namespace) -> None:
    """A trial of one tool; one that fails is said and not kept."""
    number = len(read(chosen.rows))
    with tempfile.TemporaryDirectory() as scratch, neighbour(chosen.regime):
        first = random.Random(number).random() < 0.5
        planted, folder = chosen.planted / 100, Path(scratch)
        trial = Trial(chosen.side, planted, chosen.budget, first, number, folder, taken)
        try:
            found = rows(tool, trial, chosen.regime)
        except RuntimeError as error:
            print(f"{tool.name}: {error}", flush=True)
            return
    add(chosen.rows, found)
    for row in found:
        print(row, flush=True)


def write(path: Path) -> None:
    """The page and the plot beside the rows."""
    found = read(path)
    write_whole(path.with_suffix(".md"), page(found, tools()).encode())
    if found:
        save_plot(found, tools(), path.with_name(PLOT))


if __name__ == "__main__":
    main()

"""Plants every fault of `faults.toml` and says where it was found: `python -m tests.prove.all_faults [WORD …]`."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from paragone.records import Located
from paragone.sides.scan import scan_sides

from .bench import Bench, find
from .faults import DATA, FAULTS, Fault, line_of, planted

CHECKS = ("rung", "layer", "line", "element")


def judged(found: Located | None, fault: Fault, changed: Path) -> dict[str, bool]:
    """What of it is right."""
    if found is None:
        return dict.fromkeys(CHECKS, False)
    element = found.element
    return {
        "rung": found.rung == fault.rung,
        "layer": found.layer in fault.layers,
        "line": line_of(fault, changed) in (0, found.b.line, found.b.after),
        "element": element is not None and element.max_rel > 1e-10 and element.a != element.b,
    }


def main(words: list[str]) -> None:
    """Print a line a fault, and the sums."""
    wanted = [fault for fault in FAULTS if not words or any(word in fault.name for word in words)]
    right: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder, Bench(Path(folder)) as bench:
        for number, fault in enumerate(wanted):
            place = Path(folder) / str(number)
            place.mkdir()
            began = time.perf_counter()
            unchanged, changed = planted(fault, place)
            found = find(bench.group(scan_sides((str(unchanged), str(changed))), DATA[fault.host]))
            checks = judged(found, fault, changed)
            right.update(name for name, good in checks.items() if good)
            wrong = ", ".join(name for name, good in checks.items() if not good)
            print(f"{'wrong: ' + wrong if wrong else 'right'}  {fault.name}  {time.perf_counter() - began:.1f} s")
            for one in [found, *found.more] if found else []:
                print(f"    {one.text.replace(str(place), '')}", flush=True)
    print(f"{len(wanted)} faults; " + ", ".join(f"{name} {right[name]}" for name in CHECKS))


if __name__ == "__main__":
    main(sys.argv[1:])

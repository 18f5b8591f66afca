"""TrapBench: traps of the catalogue planted in ready tasks, clean pairs beside them, and who finds what.

`python -m benchmarks.trapbench` goes on where the ledger ends; docs/results/trapbench.md says what came of it.
"""

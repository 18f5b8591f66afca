# `make compare` and `make test` each make the environment they need. PYTHON=… chooses the interpreter.

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $(name))))
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.paragone-setup
FIRST_TASK := examples/first_task

.PHONY: known repetitions scoreboard setup compare test oracles lint bench clean browser docs vocabulary localise large flagship trapbench reference facts learning

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Paragone needs Python 3.11, 3.12 or 3.13: make setup PYTHON=/path/to/python3"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Installing the tested set of packages into $(VENV); the first time this takes some minutes."
	$(BIN)/pip install --quiet --editable '.[all,deploy,test]' --constraint constraints.txt
	@touch $(STAMP)

compare: setup
	$(BIN)/paragone compare $(FIRST_TASK)/keras_side.py $(FIRST_TASK)/torch_side.py $(FIRST_TASK)/jax_side.py --data digits

# The files of tests are shared out to two processes; WORKERS=0 runs them one after the other in this one.
WORKERS := 2
test: lint browser oracles
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

# Independent oracles of the choice's arithmetic, in a folder of their own: why stands in the file that lists them.
ORACLES := tests/choose/oracles/requirements.txt
oracles: .oracles/.paragone-setup
.oracles/.paragone-setup: $(ORACLES) | setup
	rm -rf .oracles
	$(BIN)/pip install --quiet --no-deps --target .oracles --requirement $(ORACLES)
	@touch $@

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

docs: setup
	$(BIN)/python docs/tables.py

# The long suite: many random configurations of every word, in float64. Only the words run that have no row yet in
# docs/results/vocabulary.json, or are written otherwise since; WORDS="gru optimizer:adam" runs these in any case.
CASES := 200
WORDS :=
vocabulary: setup
	$(BIN)/python -m tests.vocabulary.long $(WORDS) --cases $(CASES)

# All planted faults, and where they are found; and a pair of 1,000 layers.
localise: setup
	$(BIN)/python -m tests.prove.all_faults
	$(BIN)/python benchmarks/thousand_layers.py

# Models that people know, written by hand; MODELS="resnet50" SIDES=torch,keras choose.
MODELS := vgg16 resnet50 densenet121
SIDES := torch,keras
large: setup
	$(BIN)/python benchmarks/large_models/run.py $(MODELS) --sides $(SIDES)

# The first task with its causes removed, over 5,000 steps in float64.
flagship: setup
	$(BIN)/python benchmarks/flagship.py

# Traps planted in ready tasks, and pairs that are the same; goes on where docs/results/trapbench.json ends.
trapbench: setup
	$(BIN)/python -m benchmarks.trapbench

# The runs that ship with Paragone, for the claims; goes on where it was interrupted; REFERENCE="digits-cnn" chooses.
REFERENCE :=
reference: setup
	$(BIN)/python -m benchmarks.reference $(REFERENCE)

# Whether the whole chooses the same again: repetitions of one task on an idle machine; TIMES=20 REPEATED=digits-mlp choose.
TIMES := 1
REPEATED := digits-mlp
repetitions: setup
	$(BIN)/python -m benchmarks.repetitions $(REPEATED) --times $(TIMES)

# The facts that are ours, measured again; each is printed beside its name.
facts: setup
	$(BIN)/python benchmarks/facts.py

# What there is to learn of each framework: concepts, edits, tracebacks; counted anew.
learning: setup
	$(BIN)/python -m benchmarks.learning

bench: setup
	$(BIN)/python benchmarks/driver_overhead.py
	$(BIN)/python benchmarks/interleaving.py

# What is known beforehand: sizes, short peaks, the parent, its counters, phases; CHECKS="parent phases" chooses.
CHECKS :=
known: setup
	PYTHONPATH=src $(BIN)/python -m benchmarks.known $(CHECKS)

# The same trials through other ways of timing; TRIALS=3 PLANTED=5 REGIME=hog choose. hyperfine: apt-get install hyperfine.
TRIALS := 1
PLANTED := 0
REGIME := idle
scoreboard: setup
	$(BIN)/pip install --quiet --editable '.[benchmarks]' --constraint constraints.txt
	PYTHONPATH=src $(BIN)/python -m benchmarks.scoreboard --planted $(PLANTED) --regime $(REGIME) --trials $(TRIALS)

# The page is looked at in a real browser, and torch.compile needs a compiler.
SYSTEM_PACKAGES := chromium chromium-driver fonts-dejavu-core g++
AS_ROOT := $(shell test "$$(id -u)" = 0 || { command -v sudo >/dev/null && echo sudo -n; })
browser:
	@if command -v chromium >/dev/null && command -v chromedriver >/dev/null && command -v g++ >/dev/null; then :; \
	elif command -v apt-get >/dev/null && $(AS_ROOT) true 2>/dev/null; then \
		echo "Installing $(SYSTEM_PACKAGES)"; \
		$(AS_ROOT) apt-get update -qq && \
		$(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(SYSTEM_PACKAGES) >/dev/null; \
	else \
		echo "Some tests look at the page in Chromium and compile with g++; without these they cannot pass. To get them:"; \
		echo "  apt-get install $(SYSTEM_PACKAGES)"; \
	fi

clean:
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find src tests benchmarks examples -name __pycache__ -prune -exec rm -rf {} +

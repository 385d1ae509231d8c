# Each target prepares its environment first (packaging/bootstrap.py), then runs there. Written for GNU make 3.81.
#   make run ARGS="file.js"      make test ARGS="-k heap -x"      make run PYTHON=python3.12

PYTHON ?= python3
ARGS ?=

WINDOW  = @$(PYTHON) packaging/bootstrap.py window --
TOOLS   = @$(PYTHON) packaging/bootstrap.py tools --
ENGINE  = @$(PYTHON) packaging/bootstrap.py engine --
BUILD   = @$(PYTHON) packaging/bootstrap.py build --

# Tests never open a window on the screen of whoever runs them.
test test-engine test-portable bench: export QT_QPA_PLATFORM = offscreen

.PHONY: help run test test-engine test-portable check check-format check-lint check-types check-layers format bench build smoke days drive clean

help:
	@echo "make run          open the window (ARGS=\"file.js ...\" runs files in it)"
	@echo "make test         every test, without a display"
	@echo "make test-engine  the tests of engine, pool and command line, in an environment without Qt"
	@echo "make test-portable  every test, with the public API engine alone, as on Windows"
	@echo "make check        format, lint, types, layers"
	@echo "make format       rewrite the code as the checks want it"
	@echo "make bench        the benchmarks, one JSON object per line"
	@echo "make build        what is shipped, into dist/ (ARGS=program: without wheel and sdist)"
	@echo "make smoke        what was built proves itself where a user would have it"
	@echo "make days         days of work in the real window, a picture of each step in build/days (minutes)"
	@echo "make drive        the built window in use under a virtual screen (Linux; tools: see packaging/drive.py)"
	@echo "make clean        remove what these commands made"

run:
	$(WINDOW) python -m ui $(ARGS)

# Two at a time: most of a test's time is spent waiting for processes to start and end. JOBS=0: one after another.
JOBS ?= 2

test:
	$(TOOLS) python -m pytest -n $(JOBS) $(ARGS)

test-engine:
	$(ENGINE) python -m pytest -n $(JOBS) --ignore=tests/ui --ignore=tests/end_to_end --ignore=tests/packaging $(ARGS)

test-portable: export ISOLATE_INSPECTOR_ENGINE = portable
test-portable: test

# Four checks: make -k check runs them all, also after one failed.
check: check-format check-lint check-types check-layers

check-format:
	$(TOOLS) ruff format --check --output-format concise .

check-lint:
	$(TOOLS) ruff check .

check-types:
	$(TOOLS) mypy

check-layers:
	$(TOOLS) lint-imports --no-logo

format:
	$(TOOLS) ruff format .
	$(TOOLS) ruff check --fix .

# The days of an engineer in the real window, a picture of each step in build/days.
days:
	$(TOOLS) python -m tests.end_to_end.days $(ARGS)

bench:
	$(TOOLS) python -m tests.benchmarks $(ARGS)

build:
	$(BUILD) python packaging/ship.py $(ARGS)

# As a user would start it: no environment of this checkout's is on its PATH.
smoke:
	@$(PYTHON) packaging/smoke.py $(ARGS)

# The built window under a virtual screen: drop, graph, record, save, opened again; pictures in build/drive.
drive:
	$(TOOLS) python packaging/drive.py $(ARGS)

clean:
	rm -rf .venv .venv-engine .venv-build build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

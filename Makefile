# `make run` and `make test` are the two commands that a newcomer needs; `make quick` is for every few minutes.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test chaos fuzz quick check docs reference install dev lock clean

run: install
	@$(BIN)/feedsvc run

test: dev
	@TMPDIR="$${TMPDIR:-$(or $(RAM),/tmp)}" $(BIN)/python -m pytest --cov --cov-report= $(JOBS) $(TESTS)
	@$(BIN)/python -m coverage combine --quiet --append 2>/dev/null || true
	@$(BIN)/python -m coverage report --fail-under=$(COVER)

# What needs no browser, no server and no patience, with few examples of each property.
quick: dev
	@TMPDIR="$${TMPDIR:-$(or $(RAM),/tmp)}" $(BIN)/python -m pytest -q -m "not browser and not server and not slow" \
		--hypothesis-profile=quick --numprocesses=auto --maxprocesses=2 --dist=worksteal $(TESTS)

# Faults of machines: stores, disks, clocks. Minutes, one after the other; disks need root.
chaos: dev
	@TMPDIR="$${TMPDIR:-$(or $(RAM),/tmp)}" $(BIN)/python -m pytest -q tests/chaos

# Bytes that a fuzzer thinks of, to whatever reads those of strangers; ten minutes a target. What breaks something is in
# var/fuzz. atheris has wheels for Linux on x86_64 alone, so it stands in a lock of its own.
fuzz: dev
	@$(PIP) --no-deps --only-binary :all: --require-hashes -r requirements-fuzz.lock
	@for target in $(TARGETS); do echo "== $$target"; \
		PYTHONHASHSEED=0 $(BIN)/python tools/fuzz.py $$target $(SECONDS) $(RUNS) || exit 1; done

TARGETS ?= dates feed list article config front
SECONDS ?= 600
RUNS ?=

COVER ?= 90
JOBS ?= --numprocesses=auto --maxprocesses=4 --dist=worksteal
# Tests commit thousands of times; each waits for the disk (16 ms here), unless the disk is memory.
RAM := $(shell df -k --output=avail /dev/shm 2>/dev/null | awk 'NR == 2 && $$1 > 2000000 { print "/dev/shm" }')

check: dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/typos
	@$(MAKE) --no-print-directory docs

# The documentation as a site: docs/_build/html/index.html. Every warning is an error.
docs: dev
	@$(BIN)/python tools/make_reference.py --check
	@$(BIN)/sphinx-build --builder html --fail-on-warning --keep-going --quiet docs docs/_build/html

# Write the parts of the documentation that come from the code.
reference: dev
	@$(BIN)/python tools/make_reference.py

install: $(VENV)/installed

dev: $(VENV)/developed

# The locks name everything that is needed, so pip resolves nothing (--no-deps): the pip of Debian 12 does not see
# that "coverage[toml]" is the "coverage" that is pinned, and would refuse the newest one for its missing hash.
# What builds comes first, from wheels with hashes of their own; else pip would build feedgen, which has no wheel,
# with whatever setuptools the index gives.
$(VENV)/installed: requirements.lock requirements-build.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "feedsvc needs Python 3.11 or newer; name one: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Python has no venv; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing (a minute, once) ..."
	@$(PIP) --no-deps --only-binary :all: --require-hashes -r requirements-build.lock
	@$(PIP) --no-deps --use-pep517 --no-build-isolation --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/developed: $(VENV)/installed requirements-dev.lock
	@echo "Installing what the tests need ..."
	@$(PIP) --no-deps --use-pep517 --no-build-isolation --require-hashes -r requirements-dev.lock
	@touch $@

# Resolve anew, everything together, so that every extra fits the base (needs the network).
lock:
	@$(PYTHON) -m venv $(VENV)-lock
	@$(VENV)-lock/bin/pip install --quiet --disable-pip-version-check uv
	@$(VENV)-lock/bin/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --all-extras --group dev pyproject.toml -o requirements-dev.lock
	@$(VENV)-lock/bin/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --group build -c requirements-dev.lock pyproject.toml -o requirements.lock
	@$(VENV)-lock/bin/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --group build -c requirements-dev.lock -o requirements-build.lock
	@$(VENV)-lock/bin/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-header \
		--no-emit-index-url --no-emit-find-links --extra postgres --group build -c requirements-dev.lock pyproject.toml \
		-o requirements-postgres.lock
	@rm -rf $(VENV)-lock

clean:
	@rm -rf $(VENV) var docs/_build .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Everything a developer or CI does. `make help` lists it. Needs Python 3.11 or newer, git and make; brings the rest.

V := .venv
BIN := $(V)/bin
PYTHON = $(BIN)/python
# The first Python that is new enough, for the virtual environment.
SYSTEM_PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
ARGS ?=
PYTEST_ARGS ?=
export QUORUM_MODE ?= demo
export PYTHONUNBUFFERED := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run test check bench manage format lock vendor screenshots audit clean

help:  ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 20

run: $(V)/.base  ## Start Quorum with demo data: web, worker and sandbox (PORT=8000 SANDBOX_PORT=9100); Ctrl-C stops it
	@exec $(PYTHON) manage.py up

manage: $(V)/.base  ## Run manage.py: make -s manage ARGS="create_token admin@demo.test --workspace demo"
	@exec $(PYTHON) manage.py $(ARGS)

test: $(V)/.dev  ## All that CI runs: check, then the tests on PostgreSQL, Redis and Chromium, then the journeys on SQLite
	@$(PYTHON) -m tests.services --install
	@$(MAKE) --no-print-directory check
	@$(PYTHON) -m tests.services -- $(PYTHON) -m pytest -n auto --maxprocesses 4 --dist loadfile $(PYTEST_ARGS)
	@echo "journeys on SQLite"
	@env -u DATABASE_URL -u TEST_REDIS_URL $(PYTHON) -m pytest -m journey $(PYTEST_ARGS)

check: export QUORUM_MODE = test
check: $(V)/.dev  ## Style, types, import contracts, migrations, templates, vendored files, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(PYTHON) manage.py check
	env -u DATABASE_URL $(PYTHON) manage.py makemigrations --check --dry-run
	$(PYTHON) scripts/vendor.py --check
	$(PYTHON) -m pip check
	$(PYTHON) scripts/audit.py

audit: $(V)/.dev  ## Known vulnerabilities of the locked packages
	@$(PYTHON) scripts/audit.py

bench: $(V)/.dev  ## Measure the budgets on a private PostgreSQL: make bench ARGS="--candidates 100000"
	@$(PYTHON) -m tests.services -- $(PYTHON) manage.py bench $(ARGS)

format: $(V)/.dev  ## Put the code in form and fix what can be fixed
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(V)/.base  ## Compile requirements/*.in anew (UPGRADE=--upgrade for newer versions)
	@cd requirements && for name in uv base dev; do ../$(BIN)/uv pip compile -q $(UPGRADE) --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --custom-compile-command "make lock" -o $$name.txt $$name.in || exit 1; done

vendor: $(V)/.base  ## Refresh static/vendor from the npm packages named in vendor.json (needs npm)
	@$(PYTHON) scripts/vendor.py

screenshots: $(V)/.dev  ## Take the pictures of docs/ from a running demo (make run first)
	@$(PYTHON) scripts/screenshots.py $(ARGS)

clean:  ## Remove the virtual environment and the demo's data
	rm -rf $(V) var

# One stamp a lock: installed anew only when the lock has changed. uv when it can be had, pip otherwise.
$(V)/.base: requirements/base.txt requirements/uv.txt
	@test -n "$(SYSTEM_PYTHON)" || { echo "Quorum needs Python 3.11 or newer; none was found." >&2; exit 1; }
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || $(SYSTEM_PYTHON) -m venv --clear $(V) || { \
		rm -rf $(V); echo "No virtual environment could be made (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@$(PYTHON) -m pip install -q --require-hashes -r requirements/uv.txt 2>/dev/null || echo "uv can't be had; using pip" >&2
	@$(call install,base)

$(V)/.dev: requirements/dev.txt $(V)/.base
	@$(call install,dev)

install = { $(BIN)/uv pip install -q --python $(PYTHON) --require-hashes -r requirements/$(1).txt 2>/dev/null \
	|| $(PYTHON) -m pip install -q --require-hashes -r requirements/$(1).txt; } && touch $(V)/.$(1)

# On a fresh Debian or Ubuntu machine `make guide` sets everything up and builds the guide.

.DEFAULT_GOAL := help
.PHONY: help guide test coverage mutants test-a11y faults fuzz lint check golden messages bench lock clean \
	system

PY := .venv/bin/python
UV := uv==0.13.9
MUTMUT := mutmut==3.8.1
# The tests of one file share what they have built, so one worker runs them all.
QUICK := not browser and not sweep and not faults
SPREAD := -n auto --dist loadfile
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c '$(NEW_ENOUGH)' 2>/dev/null && echo $$p && break; done)
# A system whose own python3 is too old has a newer one beside it.
PYTHON_PACKAGES = $(if $(shell command -v python3 2>&1),python3.11 python3.11-venv,python3 python3-venv)

# A virtual environment does not survive being moved or copied with its checkout.
ifneq ($(shell cat .venv/.ready 2>/dev/null),$(CURDIR))
.PHONY: .venv/.ready
endif

help: ## Show this list
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' Makefile | expand -t 10

guide: system ## Build the study guide into build/, as PDF and web page
	@.venv/bin/guidegen build
	@echo "Your guide: build/ems-vs-emt.pdf and build/ems-vs-emt.html"

test: lint ## Check the code and run all tests
	@sh .ci/system-packages $(PY) pango pdftotext
	@$(PY) -m pytest $(SPREAD) -m '$(QUICK)'

coverage: lint ## Run the tests that tracing leaves sound; 95 % of the code must be reached
	@sh .ci/system-packages $(PY) pango pdftotext
	@COVERAGE_FILE=$(CURDIR)/.coverage $(PY) -m pytest $(SPREAD) -m '$(QUICK) and not timed' --cov --cov-report=term

mutants: system ## Change the core in thousands of small ways; tests must notice 80 %
	@$(PY) -m pip install --quiet --disable-pip-version-check $(MUTMUT)
	@$(PY) -m mutmut run >mutants.log
	@$(PY) tests/mutants.py mutants

test-a11y: system .venv/a11y/.ready ## Check PDFs with veraPDF, pages with axe-core, Nu and preflight
	@$(PY) -m pytest -rs -m 'a11y or sweep'

faults: system ## Let disks fail, processes die and builds race; nothing may be lost
	@$(PY) -m pytest -rs -n auto -m faults

fuzz: system ## Damage content in 10,000 ways; each must be told at its place
	@$(PY) -m tests.fuzz

lint: .venv/.ready ## Check style and types of the code
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m mypy --no-error-summary

check: .venv/.ready ## Check the content, write nothing
	@.venv/bin/guidegen check

golden: system ## Accept what the code makes now as the expected output
	@$(PY) -m pytest tests/golden --update-golden

messages: .venv/.ready ## Bring the translations up to date with code and templates
	@PYTHONPATH=. $(PY) tests/languages/messages.py

bench: system ## Measure how long building takes
	@$(PY) tests/bench.py
	@$(PY) tests/bench_batch.py

lock: .venv/.ready ## Take the newest allowed versions into requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check $(UV)
	@$(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command 'make lock' --no-annotate --upgrade --extra dev \
		--output-file requirements.lock pyproject.toml

clean: ## Remove what was built, and caches; keep .venv
	@rm -rf build dist mutants mutants.log .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +

# Without npm the tests say what they skip. The postinstall script would fetch a Java of its own.
.venv/a11y/.ready: tests/accessibility/package-lock.json .venv/.ready
	@sh .ci/system-packages $(PY) jdk chromium npm
	@mkdir -p $(@D) && cp tests/accessibility/package*.json $(@D)
	@! command -v npm >/dev/null || { npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund \
		--no-update-notifier --loglevel error && touch $@; }

system: .venv/.ready
	@sh .ci/system-packages $(PY) pango

.venv/.ready: requirements.lock pyproject.toml
ifeq ($(PYTHON),)
	@echo "Python 3.11 or newer is missing. Run: sudo apt-get install $(PYTHON_PACKAGES)" >&2; exit 1
endif
	@sh .ci/system-packages $(PYTHON) venv
	@echo "Setting up .venv (once, about a minute) ..."
	@$(PY) -c 'import pip; $(NEW_ENOUGH)' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@echo '$(CURDIR)' > $@

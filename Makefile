# `make run` and `make test` set up all they need. Stamps of what is done lie in .make.

SHELL := /bin/sh
FORGE := .venv/bin/forge
PYTEST := .venv/bin/python -m pytest
# a file's tests share servers, so they stay in one process; files that take long come first (tests/conftest.py)
SPREAD := -n 2 --dist loadfile --no-loadscope-reorder
SERVER_SOURCES := $(shell find server/contract server/api -name '*.py')
WEB_SOURCES := $(shell find web/src web/public -type f) web/index.html web/vite.config.ts web/package-lock.json

.PHONY: help install run test test-faults test-python test-web test-browser check bench web package docs reference fmt clean
.DEFAULT_GOAL := help

help: ## Show the commands.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .make/python ## Make .venv with the command forge in it.

run: .make/python .make/web ## Start the server with demo data; PORT and FORGE_* are heeded.
	@FORGE_DEMO=$${FORGE_DEMO:-1} exec $(FORGE) serve

test: test-web test-python package ## Run everything that must pass, the page in a real browser included.

test-python: .make/dev .make/web .make/chromium
	$(PYTEST) -q $(SPREAD)

test-web: .make/python
	.ci/web.sh test

test-browser: .make/dev .make/web .make/chromium ## Run the tests of the page alone.
	$(PYTEST) -q -m browser $(SPREAD)

check: .make/dev ## Lint, types, import layers, formats, lock files and the site's links.
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.ci/locks.sh
	$(MAKE) --no-print-directory docs
	.ci/web.sh check

test-faults: .make/dev ## Inject every fault at full length; SOAK_S=3600 soaks for an hour.
	FAULTS=full SOAK_S=$${SOAK_S:-300} $(PYTEST) -q -s tests/faults --timeout 3600

bench: .make/dev ## Measure; writes the table of docs/benchmarks.md.
	.venv/bin/python -m tests.bench --write

web: .make/python ## Build the dashboard into server/static.
	.ci/web.sh build
	@mkdir -p .make && touch .make/web

package: .make/dev .make/web ## Build wheel and sdist into dist, and prove them in an empty environment.
	.ci/package.sh

docs: .make/dev ## Build the site of docs into build/docs; an unknown link fails it.
	.venv/bin/sphinx-build -q -W --keep-going -E -c docs/site . build/docs

reference: .make/python ## Write docs/reference and docs/cli.md from what there is.
	.venv/bin/python -m server.api.reference docs/reference
	.venv/bin/python -m tests.cli_reference

fmt: .make/dev ## Format the code.
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .
	.ci/web.sh fmt

clean: ## Remove what was installed and built; data in .forge stays.
	rm -rf .venv .make build dist web/node_modules server/static

.make/python: pyproject.toml requirements.lock .ci/python.sh
	@mkdir -p .make
	@.ci/python.sh requirements.lock
	@touch $@

.make/dev: .make/python requirements-dev.lock
	@.ci/python.sh requirements-dev.lock
	@touch $@

.make/web: .make/python $(WEB_SOURCES)
	@.ci/web.sh build
	@touch $@

.make/chromium: .make/dev .ci/chromium.sh
	@.ci/chromium.sh
	@touch $@

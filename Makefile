# Maillage: every command a developer or an operator needs. `make` alone lists them.
SHELL := /bin/sh
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
MAILLAGE := $(BIN)/python -m maillage.config.cli
DEMO := MAILLAGE_DEMO=1 MAILLAGE_NETWORK_FILE=demo/bretagne.toml
PYTEST := MAILLAGE_DEBUG=1 $(BIN)/python -m pytest -q
JOBS ?= 2

.PHONY: help setup system-demo system-test demo run check test test-sqlite test-pg test-media test-frontend browser rehearse bench build bundles messages screenshots lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

setup: .run/python.stamp .run/node.stamp bundles messages ## install Python and front-end packages into the checkout

system-demo:
	@tooling/system.sh demo

system-test:
	@tooling/system.sh test

.run/python.stamp: requirements/development.txt | system-demo
	@mkdir -p .run
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check uv
	$(BIN)/uv pip sync -q --require-hashes requirements/development.txt
	$(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.run/node.stamp: package-lock.json | system-demo
	@mkdir -p .run
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

bundles: .run/node.stamp ## build scripts and style sheets
	@node tooling/bundle.mjs

messages: .run/python.stamp ## compile the French texts
	@$(BIN)/python tooling/messages.py compile

demo: setup ## load the Brittany network and serve it on http://localhost:8000
	$(DEMO) $(MAILLAGE) demo

run: setup ## serve for development, with the component sheet at /composants
	MAILLAGE_DEBUG=1 $(DEMO) $(MAILLAGE) demo

check: setup ## lint, types, contracts, sizes, French catalogue
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	MAILLAGE_DEBUG=1 $(BIN)/mypy maillage tooling tests bench
	$(BIN)/lint-imports
	npx tsc
	$(BIN)/djlint --lint --quiet maillage
	$(BIN)/python -m tooling.sizes
	$(BIN)/python tooling/messages.py check
	MAILLAGE_DEBUG=1 $(MAILLAGE) makemigrations --check --dry-run
	MAILLAGE_SECRET_KEY=$$(head -c 40 /dev/urandom | base64 -w0) MAILLAGE_BASE_URL=https://maillage.example MAILLAGE_HOSTS=maillage.example $(MAILLAGE) check --deploy --fail-level ERROR

test: setup system-test test-frontend test-sqlite test-pg test-media browser ## every test, on SQLite and PostgreSQL, with real browsers

test-frontend: setup
	npx vitest run

test-sqlite: setup
	$(PYTEST) -n $(JOBS) -m "not postgresql and not browser and not media"

test-pg: setup system-test ## the tests that use the database, on a private PostgreSQL with Redis
	$(BIN)/python -m tooling.services --forgetful env MAILLAGE_DEBUG=1 $(BIN)/python -m pytest -q -n $(JOBS) -m "(stored or postgresql) and not browser and not media"

test-media: setup system-test ## the bridge against a private Janus, coturn and SIP terminal
	$(PYTEST) -m media

browser: setup system-test ## the journeys in a real browser, in the order they are written: those of a file share a server
	$(BIN)/python -m tooling.services --forgetful env MAILLAGE_DEBUG=1 $(BIN)/python -m pytest -q -p no:randomly -m browser tests

rehearse: setup system-test ## search, book, meet and count with two simulated sites
	$(DEMO) $(MAILLAGE) rehearse

bench: setup system-test ## benchmarks with their floors: make bench [NAME=plan] [CASE="k=5 rooms=90"]
	$(BIN)/python -m tooling.services env MAILLAGE_DEBUG=1 $(BIN)/python -m bench $(NAME) --case "$(CASE)"

build: setup ## bundles and wheel
	$(BIN)/python -m hatchling build

screenshots: setup system-test ## pages as PNG into docs/screens/
	$(BIN)/python -m tests.screenshots

lock: ## resolve the versions again: hashes, no address of any registry
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -U -o requirements/runtime.txt
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q -U -o requirements/development.txt
	rm -f package-lock.json && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

clean: ## remove all that was made
	rm -rf .venv node_modules .run build dist maillage/core/static/bundles

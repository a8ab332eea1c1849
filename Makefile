# Two commands on a fresh machine: `make run` and `make test`. Everything they need they install themselves.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.8
comma := ,

.PHONY: help run test check strings migration bench lock clean system reports catalogues format

help: ## This list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: .venv/run catalogues reports ## Set up and serve the filled demo at http://127.0.0.1:8000
	@$(BIN)/consult demo
	@$(BIN)/consult serve

test: .venv/dev catalogues system reports ## Set up and run every test, on SQLite and PostgreSQL and in a browser
	@$(BIN)/python -m pytest -n auto --dist loadgroup

check: .venv/dev catalogues ## Style, types, imports, templates, catalogues, migrations, architecture
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint templates --check --quiet
	@$(BIN)/djlint templates --lint --quiet
	@$(if $(filter test,$(MAKECMDGOALS)),,$(BIN)/python -m pytest -n auto tests/architecture tests/i18n tests/migrations) # `test` runs them too

strings: .venv/dev ## Extract the interface's strings and update every catalogue
	@$(BIN)/python translations/catalogues.py update

catalogues: .venv/run
	@$(BIN)/python translations/catalogues.py compile

migration: .venv/dev ## Draft a migration from the models: make migration m="Add …"
	@$(BIN)/consult revision "$(m)"

bench: .venv/dev catalogues ## Measure against baselines and write docs/performance.md (a quarter of an hour, loopback only)
	@$(BIN)/python -m bench

lock: .venv/dev ## Lock the dependencies of pyproject.toml
	@$(BIN)/uv pip compile -q pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header -o requirements/run.lock
	@$(BIN)/uv pip compile -q pyproject.toml --group build --group dev -c requirements/run.lock --universal \
	  --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/dev.lock

format: .venv/dev ## Format Python and templates
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/djlint templates --reformat --quiet || true

clean: ## Remove what the other targets made, the demo's data included
	rm -rf .venv dist build data .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find translations -name '*.mo' -delete

# A system package is installed through apt when root; otherwise the message names it. $(1): a test of whether it is
# there, $(2): the package
define need
{ $(1); } >/dev/null 2>&1 || { \
  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
    echo "Installing $(2)"; \
    said=$$({ apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(2); } 2>&1) \
      || { echo "$$said"; exit 1; }; \
  else echo "Please install the package $(2) (for example: sudo apt-get install $(2)) and try again." >&2; exit 1; fi; }
endef

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (set PYTHON=…)." >&2; exit 1; }
	@$(call need,$(PYTHON) -c 'import ensurepip$(comma) venv',python3-venv)
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)

.venv/run: requirements/run.lock pyproject.toml | .venv/bin/uv
	@$(BIN)/uv pip install -q --require-hashes -r requirements/run.lock
	@$(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements/dev.lock .venv/run
	@$(BIN)/uv pip install -q --require-hashes -r requirements/dev.lock
	@touch $@

# What lays out reports in any script, and the letters of those scripts.
reports: .venv/run
	@$(call need,$(BIN)/python -c 'import ctypes; ctypes.CDLL("libpangoft2-1.0.so.0")',libpangoft2-1.0-0)
	@$(call need,$(BIN)/python -c 'import ctypes; ctypes.CDLL("libharfbuzz-subset.so.0")',libharfbuzz-subset0)
	@$(call need,test -e /usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf,fonts-noto-core)
	@$(call need,test -e /usr/share/fonts/truetype/wqy/wqy-microhei.ttc || test -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc,fonts-wqy-microhei)

# What the tests drive from outside: a browser (and what its driver links to), Java for the HTML validator, nginx for
# the shipped configuration, the calendar of GNOME and KDE.
system: .venv/dev
	@$(call need,$(BIN)/python -c 'import ctypes; ctypes.CDLL("libatomic.so.1")',libatomic1)
	@$(call need,$(BIN)/python -m tests.chromium,chromium)
	@$(call need,command -v java,default-jre-headless)
	@$(call need,command -v /usr/sbin/nginx,nginx-light)
	@$(call need,command -v pdftoppm,poppler-utils)
	@$(call need,$(BIN)/python -c 'import ctypes; ctypes.CDLL("libical.so.3")',libical3)

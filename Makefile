# The two commands are `make run` and `make test`; `make check` is what the house rules are held by.
PYTHON ?= python3
VENV_PYTHON := .venv/bin/python
UV ?= uv
LOCK := $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --system-certs --quiet

.PHONY: help run test test-sqlite test-postgres check format lock bench clean

help:
	@echo "make run     the centre on http://localhost:8000, with its demo data (HOST=, PORT= choose another address)"
	@echo "make test    every test, on SQLite and on PostgreSQL, in a real browser where there is one"
	@echo "make check   style, types, import contracts, templates, migrations, documents"
	@echo "make format  put the style right"
	@echo "make bench   measure pages, migrations and the core"
	@echo "make lock    pin the newest versions that fit pyproject.toml"

run:
	@$(PYTHON) bootstrap.py
	@$(VENV_PYTHON) manage.py up

test:
	@$(PYTHON) bootstrap.py test
	@$(VENV_PYTHON) tools/run_tests.py $(TESTS)

test-sqlite:
	@$(PYTHON) bootstrap.py test
	@$(VENV_PYTHON) tools/run_tests.py --only sqlite $(TESTS)

test-postgres:
	@$(PYTHON) bootstrap.py test
	@$(VENV_PYTHON) tools/run_tests.py --only postgres $(TESTS)

check:
	@$(PYTHON) bootstrap.py check
	@$(VENV_PYTHON) tools/run_checks.py

format:
	@$(PYTHON) bootstrap.py check
	@$(VENV_PYTHON) -m ruff format .
	@$(VENV_PYTHON) -m ruff check --fix .
	@.venv/bin/djade --target-version 5.2 $$(find src -path '*/templates/*' -name '*.html') || true

bench:
	@$(PYTHON) bootstrap.py test
	@for script in bench/*.py; do echo "== $$script"; $(VENV_PYTHON) $$script; done

lock:
	$(LOCK) --upgrade --extra server --group build pyproject.toml -o requirements.txt
	$(LOCK) --upgrade --group test -c requirements.txt -o requirements-test.txt
	$(LOCK) --upgrade --group check -c requirements.txt -o requirements-check.txt

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

# Two commands: `make run` serves the product, `make test` proves it. Both set themselves up.
# PORT and DATA_DIR are honoured; DEMO=0 leaves an empty database empty.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export DATA_DIR ?= $(CURDIR)/var
export PORT ?= 8000

.PHONY: run test check format clean

run: $(VENV)/product
	@$(BIN)/python manage.py migrate --verbosity 0
	@[ "$(DEMO)" = 0 ] || $(BIN)/python manage.py seed_demo --if-empty
	@exec $(BIN)/python manage.py serve

test: $(VENV)/tests check
	@$(BIN)/python -m tests.all

check: $(VENV)/tests
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/djlint templates --lint --quiet
	@$(BIN)/python manage.py makemigrations --check --dry-run --verbosity 0
	@$(BIN)/python manage.py draw_lifecycle --check

format: $(VENV)/tests
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

clean:
	rm -rf $(VENV) build

# Debian without python3-venv has no ensurepip: then the environment is made without pip and pip installs into it.
$(VENV)/bin/python:
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); $(PYTHON) -m venv --without-pip $(VENV); }

$(VENV)/product: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the product needs ..."
	@$(call install,-r requirements.txt)
	@touch $@

$(VENV)/tests: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	@echo "Installing what the tests need ..."
	@$(call install,-r requirements.txt -r requirements-dev.txt)
	@touch $@ $(VENV)/product

define install
if $(BIN)/python -m pip --version >/dev/null 2>&1; \
then $(BIN)/python -m pip install --quiet --disable-pip-version-check $(1); \
else $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check $(1); fi
endef

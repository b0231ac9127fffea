# Every target does its own set-up: Python 3.11 or newer and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKBOOK := workbook/BDuR_plan.xlsm
.DEFAULT_GOAL := help
.PHONY: help run test check lint types workbook office clean

help: ## toon deze lijst
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/used ## toon het overzicht van de werkmap en schrijf de memo
	$(BIN)/bdur overzicht $(WORKBOOK)
	$(BIN)/bdur memo $(WORKBOOK) -o uitvoer

test: $(VENV)/dev office ## alle tests
	$(BIN)/python -m pytest

check: lint types test ## wat CI draait

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

workbook: $(VENV)/used ## bouw de werkmap opnieuw uit workbook/plan
	$(BIN)/bdur bouw --bron workbook/plan -o $(WORKBOOK)

office: ## installeer LibreOffice waar dat kan
	@sh tests/office.sh

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/used: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/used

clean: ## verwijder wat gemaakt is
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis uitvoer

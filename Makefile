# Every target does its own set-up: Python 3.11 or newer and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command 'make lock' --quiet $(NIEUWER)
WORKBOOK := workbook/BDuR_plan.xlsm
TIJD ?= 600
.DEFAULT_GOAL := help
.PHONY: help run test check lint types workbook calc addin dist proef notice functies pariteit beelden bench fuzz \
	office lock audit sbom clean

help: ## toon deze lijst
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/used ## toon het overzicht van de werkmap en ververs: memo, PDF en momentopname
	$(BIN)/bdur overzicht $(WORKBOOK)
	$(BIN)/bdur ververs $(WORKBOOK) -o uitvoer

test: $(VENV)/dev office ## alle tests
	$(BIN)/python -m pytest

check: lint types test ## wat CI draait

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

workbook: $(VENV)/used ## bouw de werkmap en de memosjabloon opnieuw
	$(BIN)/bdur bouw --bron workbook/plan -o $(WORKBOOK)
	rm -f workbook/*.docx
	$(BIN)/bdur sjabloon workbook

calc: $(VENV)/used ## de extensie voor LibreOffice Calc, in dist
	@mkdir -p dist
	$(BIN)/python -m bdur_xl.build.calc_addin -o dist/BDuR.oxt

addin: $(VENV)/used ## de invoegtoepassing BDuR.xlam voor Excel, in dist
	@mkdir -p dist
	$(BIN)/python -m bdur_xl.build.addin -o dist/BDuR.xlam

dist: $(VENV)/dev ## de zip voor een regio, in dist: alles om zonder netwerk te installeren (vraagt zelf netwerk)
	$(BIN)/python -m bdur_xl.build.dist

proef: $(VENV)/dev ## maak de zip en die voor dit systeem, installeer ze zonder netwerk en werk ermee
	BDUR_DIST=1 $(BIN)/python -m pytest tests/test_dist.py -k TestReal

notice: $(VENV)/dev ## NOTICE uit de wielen van de zip (vraagt netwerk)
	$(BIN)/python -m bdur_xl.build.dist --notice

functies: $(VENV)/used ## docs/FUNCTIES.md en docs/CONTROLES.md uit hun registers
	$(BIN)/python -m bdur_xl.build.function_help > docs/FUNCTIES.md
	$(BIN)/python -m bdur_xl.build.check_help > docs/CONTROLES.md

pariteit: $(VENV)/dev office ## elke functiecel in Calc, langs xlwings en opgeslagen: docs/PARITEIT.md
	$(BIN)/python tests/parity.py

beelden: $(VENV)/dev office ## een beeld van elk blad, in docs/beelden
	$(BIN)/python tests/pictures.py

fuzz: $(VENV)/dev ## zoek met willekeurige invoer naar fouten (TIJD=600 seconden), in .fuzz
	cd tests && ../$(BIN)/python -m fuzz --seconds $(TIJD) --keep ../.fuzz

bench: $(VENV)/bench office ## meet de snelheid naast die van anderen: docs/SPEED.md (een kwartier)
	cd tests && ../$(BIN)/python -m bench

office: ## installeer LibreOffice waar dat kan
	@sh tests/office.sh

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

lock: $(VENV)/dev ## requirements*.lock uit pyproject.toml; alles nieuwer: make lock NIEUWER=--upgrade
	$(LOCK) --extra build --output-file requirements.lock
	$(LOCK) --extra build --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	$(LOCK) --extra bench --constraint requirements-dev.lock --output-file requirements-bench.lock

audit: $(VENV)/dev ## bekende kwetsbaarheden in requirements.lock en requirements-dev.lock (vraagt netwerk)
	$(BIN)/python tests/supply.py audit

sbom: $(VENV)/dev ## dist/bdur_xl.cdx.json: alles waarop bdur draait, met licenties (vraagt netwerk)
	$(BIN)/python tests/supply.py sbom

$(VENV)/used: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --require-hashes --requirement requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(INSTALL) --require-hashes --requirement requirements-dev.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/used

$(VENV)/bench: requirements-bench.lock $(VENV)/dev
	$(INSTALL) --require-hashes --requirement requirements-bench.lock
	@touch $@

clean: ## verwijder wat gemaakt is
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis uitvoer

"""Fixtures for all tests."""

from pathlib import Path

import pytest
from hypothesis import settings

from bdur_xl.files.plan_csv import read_folder
from bdur_xl.model import Inputs
from bdur_xl.overview import Overview, overview
from bdur_xl.parse import parse_inputs

settings.register_profile("bdur", deadline=None)  # no test measures time
settings.load_profile("bdur")

PLAN = Path(__file__).parents[1] / "workbook" / "plan"


@pytest.fixture(scope="session")
def real_inputs() -> Inputs:
    """The plan of the memo, from its CSV files."""
    raw, missing = read_folder(PLAN)
    inputs, found = parse_inputs(raw)
    assert [*missing, *found] == []
    return inputs


@pytest.fixture(scope="session")
def real(real_inputs: Inputs) -> Overview:
    """Every figure of the memo's plan."""
    return overview(real_inputs)

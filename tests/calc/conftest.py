"""One LibreOffice with the add-in for all tests here."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sheets import small

from bdur_xl.build.calc_addin import calc_addin
from calc.books import write
from calc.office import Office, Workbook, missing


def need_libreoffice() -> None:
    """Skip, loudly, where LibreOffice is missing; in CI that is a failure."""
    lacking = missing()
    if lacking and os.environ.get("CI"):
        pytest.fail(f"CI must test with LibreOffice: {lacking}")
    if lacking:
        pytest.skip(f"NIET GECONTROLEERD in LibreOffice: {lacking}")


@pytest.fixture(scope="session")
def libreoffice() -> None:
    """LibreOffice, for tests that start it themselves."""
    need_libreoffice()


@pytest.fixture(scope="session")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The add-in as a file."""
    path = tmp_path_factory.mktemp("addin") / "BDuR.oxt"
    path.write_bytes(calc_addin())
    return path


@pytest.fixture(scope="session")
def office(libreoffice: None, extension: Path) -> Iterator[Office]:
    """A headless LibreOffice with the add-in."""
    with Office(extension) as running:
        yield running


@pytest.fixture
def book(office: Office, tmp_path: Path) -> Iterator[Workbook]:
    """The small plan, open in Calc."""
    with office.open(write(tmp_path / "plan.xlsx", small())) as opened:
        yield opened

"""The committed workbook, open in a LibreOffice with the add-in."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bdur_xl.build.calc_addin import calc_addin
from calc.office import Office, Workbook

ROOT = Path(__file__).parents[2]
WORKBOOK = ROOT / "workbook" / "BDuR_plan.xlsm"


@contextmanager
def office_with_addin() -> Iterator[Office]:
    """Run an office for a command; tests have the fixture `office`."""
    with tempfile.TemporaryDirectory() as folder:
        extension = Path(folder) / "BDuR.oxt"
        extension.write_bytes(calc_addin())
        with Office(extension) as office:
            yield office


@contextmanager
def opened(office: Office) -> Iterator[Workbook]:
    """Open a copy of the committed workbook, recalculated; the original may be open elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copy(WORKBOOK, folder)
        with office.open(Path(copy)) as workbook:
            workbook.recalculate()
            yield workbook

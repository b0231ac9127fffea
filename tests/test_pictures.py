"""The pictures of the docs: one per sheet and some of the memo, small, and shown by docs/WERKMAP.md."""

import openpyxl
import pytest
from calc.product import ROOT, WORKBOOK
from pictures import MEMO_PAGES, PICTURES, file_name

MOST_BYTES = 120_000
NAMES = [*map(file_name, openpyxl.load_workbook(WORKBOOK, read_only=True).sheetnames), *MEMO_PAGES]


def test_every_picture_is_of_a_sheet_or_the_memo() -> None:
    assert {picture.stem for picture in PICTURES.iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_docs_show_it(name: str) -> None:
    picture = PICTURES / f"{name}.png"
    assert picture.stat().st_size < MOST_BYTES
    assert f"](beelden/{picture.name})" in (ROOT / "docs" / "WERKMAP.md").read_text(encoding="utf-8")

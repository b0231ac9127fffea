"""Make docs/beelden: every sheet of the workbook, and the memo, as LibreOffice prints them.

python tests/pictures.py
"""

import datetime as dt
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from calc.office import missing
from calc.product import ROOT, WORKBOOK, office_with_addin, opened
from PIL import Image, ImageChops, ImageOps

from bdur_xl.files.deliver import deliver
from bdur_xl.files.versions import read_state
from bdur_xl.refresh import examine, plan_of

PICTURES = ROOT / "docs" / "beelden"
MEMO_PAGES = {"bestuursmemo": "1 Samenvatting en gevraagd besluit", "bestuursmemo-cijfers": "Grafiek 1."}
"""Pages of the memo by the name of their picture: each the first with a line that begins so."""
DOTS_PER_INCH = 110
COLOURS = 128
BAND = 0.06
"""Share of a page, above and below, that holds its header or footer."""
MARGIN = 12
"""Pixels of white that stay around what is on a page."""


def main() -> int:
    """Make the pictures anew and print their names."""
    if lacking := missing():
        print(f"GEEN BEELDEN GEMAAKT: {lacking}", file=sys.stderr)
        return 2
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder:
        sheets = workbook_pdf(Path(folder))
        for name, page in first_pages(sheets).items():
            picture(sheets, page, PICTURES / f"{name}.png")
        memo = memo_pdf(Path(folder))
        for name, beginning in MEMO_PAGES.items():
            picture(memo, page_with(memo, beginning), PICTURES / f"{name}.png")
    for made in sorted(PICTURES.glob("*.png")):
        print(f"{made.relative_to(ROOT)}  {made.stat().st_size // 1024} kB")
    return 0


def workbook_pdf(folder: Path) -> Path:
    """Print the committed workbook, recalculated."""
    with office_with_addin() as office, opened(office) as workbook:
        return workbook.export(folder / "workbook.pdf")


def memo_pdf(folder: Path) -> Path:
    """Print the memo of the committed workbook, dated at its peildatum."""
    state = read_state(WORKBOOK)
    inputs, _ = plan_of(state)
    assert inputs.premises.reference_date
    dated = state._replace(moment=dt.datetime(*inputs.premises.reference_date))
    made = deliver(examine(dated), folder, WORKBOOK.stem)
    assert made.pdf, made.remarks
    return made.pdf


def first_pages(pdf: Path) -> dict[str, int]:
    """Return per sheet, as a file name, its first page: the header of a page ends in its sheet's name."""
    pages: dict[str, int] = {}
    for number, page in enumerate(texts(pdf), start=1):
        header = page.strip().splitlines()[0]
        pages.setdefault(file_name(header.split("  ")[-1].strip()), number)
    return pages


def page_with(pdf: Path, beginning: str) -> int:
    """Return the first page with a line that begins so."""
    line = re.compile(rf"^\s*{re.escape(beginning)}", re.MULTILINE)
    return next(number for number, page in enumerate(texts(pdf), start=1) if line.search(page))


def texts(pdf: Path) -> list[str]:
    """Return the text of each page."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True)
    return text.stdout.rstrip("\f").split("\f")


def file_name(sheet: str) -> str:
    """Return what the picture of a sheet is called: tabel-1."""
    return sheet.casefold().replace(" ", "-").replace("'", "")


def picture(pdf: Path, page: int, path: Path) -> None:
    """Make one page a small picture, without its header, its footer and the white around it."""
    subprocess.run(
        ["pdftoppm", "-png", "-singlefile", "-r", str(DOTS_PER_INCH), "-f", str(page), "-l", str(page),
         pdf, path.with_suffix("")],
        check=True,
    )  # fmt: skip
    with Image.open(path) as whole:
        band = round(BAND * whole.height)
        image = whole.convert("RGB").crop((0, band, whole.width, whole.height - band))
    written = ImageChops.invert(image).getbbox()
    assert written, f"{path.name}: an empty page"
    trimmed = ImageOps.expand(image.crop(written), MARGIN, "white")
    trimmed.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(path, optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())

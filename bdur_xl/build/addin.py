"""The add-in BDuR.xlam: the same functions and ribbon tab for any other workbook."""

import argparse
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from xlsxwriter import Workbook

from bdur_xl.build import function_help, vba, vba_wrappers
from bdur_xl.build.package import Properties, finish
from bdur_xl.build.ribbon import ribbon
from bdur_xl.files.atomic import refusal, told_backup, write_over

SHEET = "BDuR"
TITLE = "BDuR"
CREATED = dt.datetime(2023, 2, 23, tzinfo=dt.UTC)
"""Fixed, so that two builds give the same bytes: the date of the memo."""
DESCRIPTION = "De BDUR-functies en het lint BDuR voor elke werkmap."


def build_addin(
    path: Path, generated: Mapping[str, str], created: dt.datetime, custom_xml: Sequence[str] = ()
) -> Path | None:
    """Write the add-in, whole or not at all; return the backup of what stood there.

    `generated` holds the modules made from the function registry, as xlwings
    makes them for an .xlam; `custom_xml` the help shown while typing. Raises
    OSError when the file cannot be written.
    """
    project = vba.vba_project({**vba.sources(addin=True), **generated}, [vba.code_name(SHEET)])
    properties = Properties(TITLE, "Functies in cellen", DESCRIPTION, created)
    package = finish(
        _workbook(project), properties, ribbon=ribbon(addin=True), custom_xml=custom_xml, addin=True
    )
    return write_over(path, package)


def _workbook(project: bytes) -> bytes:
    """Return a macro workbook with the one sheet that an add-in must have and never shows."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"in_memory": True})
    book.add_vba_project(io.BytesIO(project), is_stream=True)
    book.set_vba_name(vba.WORKBOOK_CODE_NAME)
    sheet = book.add_worksheet(SHEET)
    sheet.set_vba_name(vba.code_name(SHEET))
    sheet.write_string(0, 0, DESCRIPTION)
    book.close()
    return buffer.getvalue()


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the add-in with the functions of the registry."""
    parser = argparse.ArgumentParser(prog="python -m bdur_xl.build.addin", description="Bouw BDuR.xlam.")
    parser.add_argument("-o", "--output", type=Path, default=Path("BDuR.xlam"), help="het bestand")
    output: Path = parser.parse_args(arguments).output
    generated = {"xlwings_udfs": vba_wrappers.udf_module(addin=True)}
    try:
        backup = build_addin(output, generated, CREATED, [function_help.intellisense()])
    except OSError as error:
        raise SystemExit(refusal(output, error)) from error
    print(f"{output}: de functies en het lint BDuR voor elke werkmap in Excel{told_backup(backup)}")


if __name__ == "__main__":
    main()

"""The workbook behind a Word chart ("Gegevens bewerken"): one sheet of figures, written as it is.

A library that writes workbooks takes as long to load as the rest of the memo takes to write, for
these few cells. The parts are those that ECMA-376, part 1 (12.2, 18.2, 18.3 and 18.8) asks for.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal

from bdur_xl.chart import Chart, Series
from bdur_xl.files.memo_blocks import escaped
from bdur_xl.tables import column_letters

SHEET = "Grafiek"
"""The sheet of the workbook: a row per category, a column per series."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment a ZIP file can tell."""

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _relations(*links: tuple[str, str]) -> str:
    each = (
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(links, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{"".join(each)}</Relationships>'


_FIXED = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    "_rels/.rels": _relations(
        (f"{_OFFICE}/officeDocument", "xl/workbook.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ),
    "xl/_rels/workbook.xml.rels": _relations(
        (f"{_OFFICE}/worksheet", "worksheets/sheet1.xml"), (f"{_OFFICE}/styles", "styles.xml")
    ),
    "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>'
    f'<sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/styles.xml": f'<styleSheet {_MAIN}><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font>'
    '</fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
"""The parts that every such workbook has; number format 4 is #,##0.00."""


def chart_workbook(chart: Chart) -> bytes:
    """Return the figures as a workbook that tells neither who made it nor when."""
    parts = {
        **_FIXED,
        "docProps/core.xml": _properties(chart.title),
        "xl/worksheets/sheet1.xml": _sheet(chart),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name, _EPOCH), _XML + part, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def series(chart: Chart) -> tuple[Series, ...]:
    """Return what the sheet has a column for: the parts of the columns, then the line."""
    return (*chart.columns, chart.line)


def euros(cents: int) -> str:
    """Return an amount as XML writes a number of euros."""
    return f"{Decimal(cents) / 100:f}"


def _properties(title: str) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{escaped(title)}</dc:title>'
        "<dc:creator></dc:creator><cp:lastModifiedBy></cp:lastModifiedBy>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">1980-01-01T00:00:00Z</dcterms:created>'
        "</cp:coreProperties>"
    )


def _sheet(chart: Chart) -> str:
    names = [None, *(one.name for one in series(chart))]
    rows = [_row(1, [_text(column, 1, name) for column, name in enumerate(names) if name is not None])]
    for place, category in enumerate(chart.categories):
        row = place + 2
        rows.append(
            _row(row, [_text(0, row, category), *_amounts(row, [one.values[place] for one in series(chart)])])
        )
    return (
        f'<worksheet {_MAIN}><cols><col min="1" max="{len(names)}" width="20" customWidth="1"/></cols>'
        f"<sheetData>{''.join(rows)}</sheetData></worksheet>"
    )


def _row(number: int, cells: Sequence[str]) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _text(column: int, row: int, text: str) -> str:
    place = f"{column_letters(column + 1)}{row}"
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escaped(text)}</t></is></c>'


def _amounts(row: int, values: Sequence[int | None]) -> Iterator[str]:
    """Yield the cells of a row; an absent amount has none."""
    for column, cents in enumerate(values, start=2):
        if cents is not None:
            yield f'<c r="{column_letters(column)}{row}" s="1"><v>{euros(cents)}</v></c>'

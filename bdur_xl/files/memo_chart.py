"""A native chart for Word: its part, the workbook behind "Gegevens bewerken", and where it stands.

Elements stand in the order that the schema (ECMA-376, part 1, chapter 21) prescribes. The
values are kept twice, as Word does: in the chart, which is drawn, and in the workbook.
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.text.paragraph import CT_P
from docx.shared import Length

from bdur_xl.chart import Chart
from bdur_xl.files.chart_workbook import SHEET, chart_workbook, euros, series
from bdur_xl.files.memo_blocks import attribute, escaped
from bdur_xl.files.memo_styles import INK, LANGUAGE, TYPEFACE
from bdur_xl.tables import column_letters

AMOUNT = "[$-413]#,##0"
"""Whole euros as Dutch writes them, whatever the language of the program."""

GRID, LINE, LINE_WIDTH = "D9DEE7", "8C2D04", 28575
"""Gridlines hardly there; the line dark against every column; its width in English Metric Units."""


def _solid(colour: str) -> str:
    return f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>'


HATCHED = (
    f'<a:pattFill prst="wdUpDiag"><a:fgClr><a:srgbClr val="{INK}"/></a:fgClr>'
    '<a:bgClr><a:srgbClr val="FFFFFF"/></a:bgClr></a:pattFill>'
)
FILLS = (_solid("9DB2D6"), HATCHED, _solid("EDF0F6"))
"""How the columns look, from the axis up: told apart without colour by tone and pattern."""

PAPER = _solid("FFFFFF")

TYPE_SIZE, LABEL_SIZE = 9, 8.5
LABELLED = 8
"""At more categories than this the figures would run into each other."""

LABEL_HEIGHT = 0.06
"""About how high a figure is, as a part of the highest column or point."""

_WORKBOOK = "rId1"
_CATEGORY_AXIS, _VALUE_AXIS = 1, 2
_NAMESPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def add_chart(document: Document, chart: Chart, width: Length, height: Length) -> CT_P:
    """Add the chart's parts to the document and return a paragraph that shows it.

    The paragraph stands nowhere yet: the caller places it. It carries the chart's
    title and alt text; a visible caption is the caller's.
    """
    package = document.part.package
    workbook = Part(
        package.next_partname("/word/embeddings/grafiek%d.xlsx"),
        CONTENT_TYPE.SML_SHEET,
        chart_workbook(chart),
        package,
    )
    part = Part(
        package.next_partname("/word/charts/chart%d.xml"),
        CONTENT_TYPE.DML_CHART,
        _chart_space(chart).encode(),
        package,
    )
    part.load_rel(RELATIONSHIP_TYPE.PACKAGE, workbook, _WORKBOOK)
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    return _paragraph(chart, relation, _free_id(document), width, height)


def _free_id(document: Document) -> int:
    """Return a number that no drawing of the document has."""
    taken = (int(drawing.get("id")) for drawing in document.element.iter(qn("wp:docPr")))
    return max(taken, default=0) + 1


def _paragraph(chart: Chart, relation: str, number: int, width: Length, height: Length) -> CT_P:
    kept = "<w:keepNext/>" if chart.notes else ""
    element = parse_xml(
        f"<w:p {nsdecls('w', 'wp', 'a', 'r')}><w:pPr>{kept}</w:pPr><w:r><w:drawing>"
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name="Grafiek {number}" descr={attribute(chart.alt_text)} '
        f"title={attribute(chart.title)}/><wp:cNvGraphicFramePr/>"
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    return cast(CT_P, element)


# The chart


def _chart_space(chart: Chart) -> str:
    # No title: the caption above says it, as it does above a table.
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<c:chartSpace {_NAMESPACES}>'
        f'<c:date1904 val="0"/><c:lang val="{LANGUAGE}"/><c:roundedCorners val="0"/>'
        f'<c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>{_columns(chart)}{_line(chart)}'
        f"{_axes()}</c:plotArea>"
        '<c:legend><c:legendPos val="b"/><c:overlay val="0"/></c:legend>'
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"{_shape(PAPER)}{_type(TYPE_SIZE)}"
        f'<c:externalData r:id="{_WORKBOOK}"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )


def _columns(chart: Chart) -> str:
    series = "".join(
        _one_series(
            chart,
            index,
            f'{_shape(_fill(index), _solid(INK))}<c:invertIfNegative val="0"/>',
            _column_labels(chart, index),
        )
        for index in range(len(chart.columns))
    )
    return (
        '<c:barChart><c:barDir val="col"/><c:grouping val="stacked"/><c:varyColors val="0"/>'
        f'{series}<c:gapWidth val="70"/><c:overlap val="100"/>{_AXIS_IDS}</c:barChart>'
    )


def _line(chart: Chart) -> str:
    index = len(chart.columns)
    look = (
        f"{_shape('', _solid(LINE), LINE_WIDTH)}"
        f'<c:marker><c:symbol val="diamond"/><c:size val="9"/>{_shape(PAPER, _solid(LINE), 19050)}</c:marker>'
    )
    series = _one_series(chart, index, look, _line_labels(chart), smooth='<c:smooth val="0"/>')
    return (
        f'<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{series}'
        f'<c:marker val="1"/>{_AXIS_IDS}</c:lineChart>'
    )


_AXIS_IDS = f'<c:axId val="{_CATEGORY_AXIS}"/><c:axId val="{_VALUE_AXIS}"/>'


def _one_series(chart: Chart, index: int, look: str, labels: str, smooth: str = "") -> str:
    one, last, column = series(chart)[index], len(chart.categories), column_letters(index + 2)
    names = _cache("str", f"${column}$1", (escaped(one.name),))
    categories = _cache("str", _down("A", last), tuple(map(escaped, chart.categories)))
    amounts = tuple(None if cents is None else euros(cents) for cents in one.values)
    values = _cache("num", _down(column, last), amounts)
    return (
        f'<c:ser><c:idx val="{index}"/><c:order val="{index}"/><c:tx>{names}</c:tx>{look}{labels}'
        f"<c:cat>{categories}</c:cat><c:val>{values}</c:val>{smooth}</c:ser>"
    )


def _down(column: str, count: int) -> str:
    """Return the cells of a column under its heading."""
    return f"${column}$2" if count == 1 else f"${column}$2:${column}${count + 1}"


def _cache(kind: str, place: str, values: Sequence[str | None]) -> str:
    """Return a reference into the workbook with its values; an absent one has no point."""
    code = f"<c:formatCode>{AMOUNT}</c:formatCode>" if kind == "num" else ""
    points = "".join(
        f'<c:pt idx="{index}"><c:v>{value}</c:v></c:pt>'
        for index, value in enumerate(values)
        if value is not None
    )
    return (
        f"<c:{kind}Ref><c:f>{SHEET}!{place}</c:f><c:{kind}Cache>{code}"
        f'<c:ptCount val="{len(values)}"/>{points}</c:{kind}Cache></c:{kind}Ref>'
    )


def _axes() -> str:
    crossing = '<c:crosses val="autoZero"/>'
    return (
        f'<c:catAx><c:axId val="{_CATEGORY_AXIS}"/>{_SCALING}<c:axPos val="b"/>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f'{_shape("", _solid(INK))}<c:crossAx val="{_VALUE_AXIS}"/>{crossing}'
        '<c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>'
        f'<c:valAx><c:axId val="{_VALUE_AXIS}"/>{_SCALING}<c:axPos val="l"/>'
        f"<c:majorGridlines>{_shape('', _solid(GRID))}</c:majorGridlines>"
        f'<c:numFmt formatCode="{AMOUNT}" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f"{_shape('')}"
        f'<c:crossAx val="{_CATEGORY_AXIS}"/>{crossing}<c:crossBetween val="between"/></c:valAx>'
    )


_SCALING = '<c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'


# How it looks


def _shape(fill: str, border: str = "<a:noFill/>", width: int = 9525) -> str:
    return f'<c:spPr>{fill}<a:ln w="{width}">{border}</a:ln></c:spPr>'


def _fill(index: int) -> str:
    return FILLS[index % len(FILLS)]


def _type(size: float, colour: str = INK, *, bold: bool = False) -> str:
    return (
        f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="{round(size * 100)}" b="{int(bold)}">'
        f'{_solid(colour)}<a:latin typeface="{TYPEFACE}"/><a:cs typeface="{TYPEFACE}"/></a:defRPr></a:pPr>'
        f'<a:endParaRPr lang="{LANGUAGE}"/></a:p></c:txPr>'
    )


# Figures in the chart


class _Span(NamedTuple):
    """A stretch of the vertical axis, in cents."""

    low: float
    high: float

    def meets(self, other: "_Span") -> bool:
        """Tell whether the two overlap."""
        return self.low < other.high and other.low < self.high


def _column_labels(chart: Chart, index: int) -> str:
    places = [_place(chart, index, category, _side(chart, category)) for category in _categories(chart)]
    behind = PAPER if _fill(index) == HATCHED else "<a:noFill/>"
    return _labels(places, f"{_shape(behind)}{_type(LABEL_SIZE)}")


def _line_labels(chart: Chart) -> str:
    places = [
        "" if chart.line.values[category] is None else _side(chart, category)
        for category in _categories(chart)
    ]
    return _labels(places, f"{_shape(PAPER)}{_type(LABEL_SIZE, LINE, bold=True)}")


def _labels(places: Sequence[str], look: str) -> str:
    """Return a series' figures, each at its place; "" is no figure."""
    shown, hidden = (
        "".join(f'<c:show{part} val="{int(part == shown)}"/>' for part in _LABEL_PARTS)
        for shown in ("Val", "")
    )
    if len(places) > LABELLED or not any(places):
        return f"<c:dLbls>{hidden}</c:dLbls>"
    look = f'<c:numFmt formatCode="{AMOUNT}" sourceLinked="0"/>{look}'
    figures = "".join(
        f'<c:dLbl><c:idx val="{index}"/>'
        + (f'{look}<c:dLblPos val="{place}"/>{shown}</c:dLbl>' if place else '<c:delete val="1"/></c:dLbl>')
        for index, place in enumerate(places)
    )
    return f"<c:dLbls>{figures}{look}{shown}</c:dLbls>"


_LABEL_PARTS = ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")


def _side(chart: Chart, category: int) -> str:
    """Return the side of the line, top or bottom, that leaves room for most figures in the columns."""

    def placed(side: str) -> int:
        return sum(bool(_place(chart, index, category, side)) for index in range(len(chart.columns)))

    return max("tb", key=placed)


def _place(chart: Chart, index: int, category: int, side: str) -> str:
    """Return where in its column a figure stands clear of the line's: middle, foot, top or nowhere."""
    column, height = _column(chart, index, category), LABEL_HEIGHT * _highest(chart)
    taken = _line_taken(chart, category, side, height)
    for place, foot in (
        ("ctr", (column.low + column.high - height) / 2),
        ("inBase", column.low),
        ("inEnd", column.high - height),
    ):
        label = _Span(foot, foot + height)
        if column.low <= foot and label.high <= column.high and not label.meets(taken):
            return place
    return ""


def _column(chart: Chart, index: int, category: int) -> _Span:
    """Return the stretch one part of a stacked column takes; below the axis when negative."""
    value = chart.columns[index].values[category] or 0
    below = (series.values[category] or 0 for series in chart.columns[:index])
    base = sum(cents for cents in below if (cents < 0) == (value < 0))
    return _Span(min(base, base + value), max(base, base + value))


def _line_taken(chart: Chart, category: int, side: str, height: float) -> _Span:
    """Return what the line's marker and the figure above or below it cover."""
    cents = chart.line.values[category]
    if cents is None:
        return _Span(0, 0)
    above, below = (2, 0.7) if side == "t" else (0.7, 2)
    return _Span(cents - below * height, cents + above * height)


def _highest(chart: Chart) -> float:
    tops = [
        _column(chart, index, category).high
        for index in range(len(chart.columns))
        for category in _categories(chart)
    ]
    return max((*tops, *(cents for cents in chart.line.values if cents is not None)), default=0)


def _categories(chart: Chart) -> range:
    return range(len(chart.categories))

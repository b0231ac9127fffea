import io
import zipfile
from fractions import Fraction
from pathlib import Path
from xml.etree.ElementTree import Element

import docx
import openpyxl
import pytest
from defusedxml import ElementTree
from docx.opc.constants import CONTENT_TYPE
from docx.shared import Cm

from bdur_xl.chart import Chart, Series, lasten_chart
from bdur_xl.files.memo_chart import add_chart
from bdur_xl.model import BudgetYear, Inputs, Plan, PlanLine, Premises, YearColumn
from bdur_xl.overview import Overview, overview
from bdur_xl.terms import Kind

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
SIZE = Cm(17), Cm(9.3)

INCIDENTAL, STRUCTURAL = YearColumn(2030, Kind.INCIDENTAL), YearColumn(2030, Kind.STRUCTURAL)
UNSPLIT, EMPTY = YearColumn(2031, Kind.UNSPLIT), YearColumn(2032, Kind.STRUCTURAL)

GAPS = Chart(
    title='Lasten & <ruimte> "2030"',
    alt_text='Een zin met & < > "',
    categories=("2030", "2031", "2032"),
    columns=(Series("Lasten structureel", (100_000_50, None, -5_000_00)), Series("Nul", (0, None, 7))),
    line=Series("Beschikbaar (exact)", (None, 90_071_992_547_409_91, None)),
)


@pytest.fixture
def partial() -> Overview:
    """2030 split and over an exact grant, 2031 not split, 2032 a column without any estimate."""
    plan = Plan(
        columns=(INCIDENTAL, STRUCTURAL, UNSPLIT, EMPTY),
        lines=(
            PlanLine("A", None, "fte", None, {STRUCTURAL: 100_000_00, UNSPLIT: 250_000_00}),
            PlanLine("B", None, "middelen", None, {INCIDENTAL: 50_000_50}),
        ),
    )
    budget = {
        2030: BudgetYear(2030, rounded=120_000_00, exact=123_456_00),
        2031: BudgetYear(2031, rounded=200_000_00, exact=None, cut=Fraction(1, 10)),
    }
    return overview(Inputs(plan, budget, premises=Premises(status="voorlopig")))


def written(chart: Chart, path: Path) -> Path:
    document = docx.Document()
    document.element.body.insert(0, add_chart(document, chart, *SIZE))
    document.save(str(path))
    return path


def part(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as package:
        return package.read(name)


def chart_space(path: Path) -> Element:
    root: Element = ElementTree.fromstring(part(path, "word/charts/chart1.xml"))
    return root


def tags(element: Element | None) -> list[str]:
    assert element is not None
    return [child.tag.removeprefix(C) for child in element]


def cached(series: Element) -> tuple[str, dict[int, str]]:
    """Return the name of a series and its values by index, as Word draws them."""
    name = series.findtext(f"{C}tx/{C}strRef/{C}strCache/{C}pt/{C}v") or ""
    points = series.findall(f"{C}val/{C}numRef/{C}numCache/{C}pt")
    return name, {int(point.get("idx", "")): point.findtext(f"{C}v") or "" for point in points}


def test_the_chart_of_the_memo_holds_its_figures(real: Overview) -> None:
    chart = lasten_chart(real)
    assert chart.title == "Lasten per jaar en het beschikbare bedrag, in euro's (voorlopig)"
    assert chart.categories == ("2023", "2024", "2025", "2026")
    assert chart.columns == (
        Series("Lasten structureel", (1_200_000_00, 1_505_000_00, 1_605_000_00, 1_605_000_00)),
        Series("Lasten incidenteel", (485_000_00, None, None, None)),
    )
    assert chart.line == Series(
        "Beschikbaar (exact)", (1_407_149_00, 1_650_000_00, 2_150_000_00, 2_400_000_00)
    )
    assert chart.notes == (
        "In 2025 en 2026 gelden de lasten, die Tabel 2 daar niet splitst, als structureel. "
        "Dat is een aanname.",
        "Het beschikbare bedrag voor 2024 tot en met 2026 is afgerond; het exacte is niet bekend.",
    )


def test_an_unknown_split_is_a_series_of_its_own_and_absence_a_gap(partial: Overview) -> None:
    chart = lasten_chart(partial)
    assert chart.columns == (
        Series("Lasten structureel", (100_000_00, None, None)),
        Series("Lasten incidenteel", (50_000_50, None, None)),
        Series("Lasten niet gesplitst", (None, 250_000_00, None)),
    )
    assert chart.line.values == (123_456_00, 180_000_00, None)  # 2031: 10% off


def test_the_alt_text_tells_every_figure(partial: Overview) -> None:
    assert lasten_chart(partial).alt_text.replace("\N{NO-BREAK SPACE}", " ") == (
        "Grafiek van de lasten per jaar (gestapelde kolommen) en het beschikbare bedrag (lijn). "
        "In 2030 zijn de lasten structureel € 100.000 en incidenteel € 50.000,50; "
        "het beschikbare bedrag is € 123.456. "
        "In 2031 zijn de lasten niet gesplitst € 250.000; het beschikbare bedrag is € 180.000. "
        "In 2032 zijn de lasten niet geraamd; het beschikbare bedrag is onbekend."
    )


def test_word_draws_each_series_with_its_values_and_gaps(tmp_path: Path) -> None:
    space = chart_space(written(GAPS, tmp_path / "a.docx"))
    columns = space.findall(f".//{C}barChart/{C}ser")
    lines = space.findall(f".//{C}lineChart/{C}ser")
    assert list(map(cached, columns)) == [
        ("Lasten structureel", {0: "100000.5", 2: "-5000"}),
        ("Nul", {0: "0", 2: "0.07"}),
    ]
    assert list(map(cached, lines)) == [("Beschikbaar (exact)", {1: "90071992547409.91"})]
    for series in (*columns, *lines):
        assert [count.get("val") for count in series.iter(f"{C}ptCount")] == ["1", "3", "3"]
        assert [point.text for point in series.findall(f"{C}cat//{C}v")] == ["2030", "2031", "2032"]
    told = {tag: [one.get("val") for one in space.iter(f"{C}{tag}")] for tag in ("grouping", "dispBlanksAs")}
    assert told == {"grouping": ["stacked", "standard"], "dispBlanksAs": ["gap"]}


def test_the_parts_stand_in_the_order_of_the_schema(real: Overview, tmp_path: Path) -> None:
    space = chart_space(written(lasten_chart(real), tmp_path / "a.docx"))
    assert tags(space) == ["date1904", "lang", "roundedCorners", "chart", "spPr", "txPr", "externalData"]
    assert tags(space.find(f"{C}chart")) == [
        "autoTitleDeleted", "plotArea", "legend", "plotVisOnly", "dispBlanksAs",
    ]  # fmt: skip
    assert tags(space.find(f".//{C}plotArea")) == ["layout", "barChart", "lineChart", "catAx", "valAx"]
    assert tags(space.find(f".//{C}barChart/{C}ser")) == [
        "idx", "order", "tx", "spPr", "invertIfNegative", "dLbls", "cat", "val",
    ]  # fmt: skip
    assert tags(space.find(f".//{C}lineChart/{C}ser")) == [
        "idx", "order", "tx", "spPr", "marker", "dLbls", "cat", "val", "smooth",
    ]  # fmt: skip
    assert tags(space.find(f".//{C}dLbl")) == [
        "idx", "numFmt", "spPr", "txPr", "dLblPos",
        "showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize",
    ]  # fmt: skip
    axes = {axis.get("val") for axis in space.findall(f".//{C}catAx/{C}axId")}
    axes |= {axis.get("val") for axis in space.findall(f".//{C}valAx/{C}axId")}
    assert {axis.get("val") for axis in space.findall(f".//{C}lineChart/{C}axId")} == axes
    assert len({series.get("val") for series in space.findall(f".//{C}ser/{C}order")}) == 3


def places(chart: Chart, path: Path) -> list[list[str]]:
    """Return per series where each figure stands, "" where it is left out."""
    found = []
    for series in chart_space(written(chart, path)).iter(f"{C}ser"):
        labels = [label.find(f"{C}dLblPos") for label in series.iter(f"{C}dLbl")]
        found.append(["" if place is None else place.get("val", "") for place in labels])
    return found


def test_figures_keep_clear_of_each_other(real: Overview, tmp_path: Path) -> None:
    assert places(lasten_chart(real), tmp_path / "a.docx") == [
        ["ctr"] * 4,
        ["inEnd", "", "", ""],  # the line runs through the middle of 485.000
        ["b", "t", "t", "t"],
    ]


def test_many_years_carry_no_figures(tmp_path: Path) -> None:
    years = tuple(map(str, range(2030, 2039)))
    chart = Chart("t", "a", years, (Series("s", (100_00,) * 9),), Series("l", (200_00,) * 9))
    assert places(chart, tmp_path / "a.docx") == [[], []]


def test_a_chart_without_any_value_is_still_a_chart(tmp_path: Path) -> None:
    chart = Chart("t", "a", ("2030",), (), Series("Beschikbaar", (None,)))
    space = chart_space(written(chart, tmp_path / "a.docx"))
    assert list(map(cached, space.iter(f"{C}ser"))) == [("Beschikbaar", {})]


def test_edit_data_finds_the_same_values_in_the_workbook(tmp_path: Path) -> None:
    path = written(GAPS, tmp_path / "a.docx")
    external = chart_space(path).find(f"{C}externalData")
    assert external is not None
    (relation,) = ElementTree.fromstring(part(path, "word/charts/_rels/chart1.xml.rels"))
    assert external.get(f"{R}id") == relation.get("Id")
    assert relation.get("Target") == "../embeddings/grafiek1.xlsx"
    assert relation.get("Type", "").endswith("/package")
    book = openpyxl.load_workbook(io.BytesIO(part(path, "word/embeddings/grafiek1.xlsx")))
    (sheet,) = book
    assert list(sheet.values) == [
        (None, "Lasten structureel", "Nul", "Beschikbaar (exact)"),
        ("2030", 100000.5, 0, None),
        ("2031", None, None, 90071992547409.91),
        ("2032", -5000, 0.07, None),
    ]
    assert not book.properties.creator
    assert not book.properties.lastModifiedBy


def test_references_point_at_the_values_they_cache(tmp_path: Path) -> None:
    path = written(GAPS, tmp_path / "a.docx")
    book = openpyxl.load_workbook(io.BytesIO(part(path, "word/embeddings/grafiek1.xlsx")))
    checked = 0
    for reference in (one for kind in ("strRef", "numRef") for one in chart_space(path).iter(f"{C}{kind}")):
        sheet, _, place = (reference.findtext(f"{C}f") or "").partition("!")
        cells = book[sheet][place.replace("$", "")]
        cells = [row[0] for row in cells] if isinstance(cells, tuple) else [cells]
        points = {point.get("idx"): point.findtext(f"{C}v") or "" for point in reference.iter(f"{C}pt")}
        for index, cell in enumerate(cells):
            told = points.get(str(index))
            if isinstance(cell.value, str):
                assert told == cell.value
            else:
                assert (told and float(told)) == cell.value
            checked += 1
    assert checked == 3 * (1 + 3 + 3)


def test_a_reader_of_pictures_gets_title_and_alt_text(tmp_path: Path) -> None:
    path = written(GAPS, tmp_path / "a.docx")
    (drawing,) = ElementTree.fromstring(part(path, "word/document.xml")).iter(f"{WP}docPr")
    assert (drawing.get("title"), drawing.get("descr")) == (GAPS.title, GAPS.alt_text)


def test_charts_stand_beside_each_other_and_survive_reopening(tmp_path: Path) -> None:
    document = docx.Document()
    for _ in range(2):
        document.element.body.insert(0, add_chart(document, GAPS, *SIZE))
    first, second = tmp_path / "a.docx", tmp_path / "b.docx"
    document.save(str(first))
    docx.Document(str(first)).save(str(second))
    for path in (first, second):
        parts = docx.Document(str(path)).part.package.iter_parts()
        names = {str(one.partname): one.content_type for one in parts}
        assert names["/word/charts/chart2.xml"] == CONTENT_TYPE.DML_CHART
        assert names["/word/embeddings/grafiek2.xlsx"] == CONTENT_TYPE.SML_SHEET
        drawings = ElementTree.fromstring(part(path, "word/document.xml")).iter(f"{WP}docPr")
        assert sorted(drawing.get("id", "") for drawing in drawings) == ["1", "2"]


def test_the_same_chart_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (written(GAPS, tmp_path / f"{name}.docx") for name in "ab")
    for name in ("word/charts/chart1.xml", "word/embeddings/grafiek1.xlsx"):
        assert part(first, name) == part(second, name)
    with zipfile.ZipFile(io.BytesIO(part(first, "word/embeddings/grafiek1.xlsx"))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01" in package.read("docProps/core.xml")

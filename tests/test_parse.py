"""Sheet rows -> inputs, and for each fault its place and a remedy; all faults in one run."""

import datetime as dt
import random
from fractions import Fraction

import pytest
from sheets import Book, add_column, inputs, put, raw, read, small

from bdur_xl.cells import Unreadable
from bdur_xl.model import Explanation, Finding, Intake, Link, Status, YearColumn
from bdur_xl.parse import parse_inputs
from bdur_xl.tables import INPUT_TABLES, REQUIRED_TABLES
from bdur_xl.terms import Kind, Level


def only(book: Book, status: Status = Status.FAULT) -> Finding:
    """Return the one finding of a book."""
    _, found = read(book)
    assert len(found) == 1, found
    assert found[0].status is status
    assert found[0].remedy
    return found[0]


def place(key: str, cell: str) -> str:
    """Return where a cell is, on the worksheet of its table: "Plan!B2"."""
    return f"{INPUT_TABLES[key].sheet}!{cell}"


def typed(key: str, address: str, value: object) -> Book:
    """Return the small plan with one cell typed over."""
    book = small()
    put(book[key], address, value)
    return book


def with_row(key: str, *row: object) -> Book:
    """Return the small plan with one row more."""
    book = small()
    book[key].append([*row, *[None] * (len(book[key][0]) - len(row))])
    return book


def test_the_small_plan_reads() -> None:
    read_inputs = inputs(small())
    plan = read_inputs.plan
    assert plan.years == (2031, 2032)
    assert plan.columns == (
        YearColumn(2031, Kind.INCIDENTAL),
        YearColumn(2031, Kind.STRUCTURAL),
        YearColumn(2032, Kind.UNSPLIT),
    )
    first, second, _, last = plan.lines
    assert (first.line_id, first.theme, first.block, first.subtheme, first.department) == (
        "L1", "Water", "fte", "dijkwacht", "Oost",
    )  # fmt: skip
    assert first.place == "Plan, rij 2"
    assert second.amounts == {plan.columns[0]: 2_500_050, plan.columns[2]: 3_000_000}
    assert last.amounts == {}  # geen raming, not 0
    assert last.department is None
    assert (read_inputs.budget[2031].rounded, read_inputs.budget[2031].exact) == (25_000_000, 25_123_456)
    assert read_inputs.budget[2032].exact is None
    assert read_inputs.areas[1].objectives == ("w1", "w2")
    assert read_inputs.areas[0].goal_id == "R1"  # typed as 1
    assert read_inputs.links[2] == Link(
        "L3", None, Level.SUPPORTING, None, f"{INPUT_TABLES['links'].sheet}, rij 4"
    )
    assert read_inputs.intake == {"L1": Intake("L1", (2031, 4), 50, None, "Instroom, rij 2")}
    assert read_inputs.premises.norm_per_fte == 6_000_000
    assert read_inputs.premises.intake_months == ((2031, 4),)
    assert plan.unsplit_as is Kind.STRUCTURAL
    assert [sorted(line.figures.values()) for line in read_inputs.capacity] == [[100, 200, 2_500_050], [100]]
    assert read_inputs.capacity[0].plan_lines == ("L1", "L2")
    assert [total.total for total in read_inputs.control_totals] == [24_500_050, 27_000_000, 300]


# What no amount cell may hold

NO_AMOUNTS = ["n.v.t.", "1.234,56", "100000", True, False, Unreadable("#REF!"), Unreadable("#DIV/0!"),
              dt.date(2031, 1, 1), dt.time(8), float("inf"), float("nan"), 10**13, -1e300]  # fmt: skip


@pytest.mark.parametrize("cell", NO_AMOUNTS, ids=repr)
@pytest.mark.parametrize(
    ("key", "address"),
    [("plan", "G2"), ("plan", "H5"), ("capacity", "F3"), ("capacity", "H2"), ("budget", "B2"),
     ("budget", "C3"), ("intake", "C2"), ("control_totals", "C2")],
)  # fmt: skip
def test_a_cell_that_is_no_amount_is_a_fault(key: str, address: str, cell: object) -> None:
    assert only(typed(key, address, cell)).where == place(key, address)


def test_a_negative_amount_counts_and_is_flagged() -> None:
    book = typed("plan", "H3", -30_000)
    found = only(book, Status.SIGNAL)
    assert found.where == "Plan!H3"
    assert found.message == "is negatief (−€\u00a030.000) en telt als aftrek mee"
    read_inputs, _ = read(book)
    assert read_inputs.plan.lines[1].amounts[YearColumn(2032, Kind.UNSPLIT)] == -3_000_000


def test_more_than_two_decimals_are_rounded_and_flagged() -> None:
    found = only(typed("plan", "H3", 100_000 / 3), Status.SIGNAL)
    assert found.where == "Plan!H3"
    assert found.message == "heeft meer dan twee decimalen; gerekend is met €\u00a033.333,33"


@pytest.mark.parametrize("blank", [None, "", "  ", "\u00a0", "\u200b"], ids=repr)
def test_a_blank_amount_is_no_estimate_and_zero_is_one(blank: object) -> None:
    column = YearColumn(2032, Kind.UNSPLIT)
    assert column not in inputs(typed("plan", "H3", blank)).plan.lines[1].amounts
    assert inputs(typed("plan", "H3", 0)).plan.lines[1].amounts[column] == 0


# Ids


@pytest.mark.parametrize(
    ("key", "heading"),
    [("plan", "regel"), ("capacity", "regel"), ("budget", "jaar"), ("goals", "doel"),
     ("areas", "aandachtsgebied"), ("intake", "regel")],
)  # fmt: skip
def test_a_blank_id_is_a_fault(key: str, heading: str) -> None:
    book = small()
    book[key].append([None, "een naam", *book[key][1][2:]])
    if key in ("budget", "intake"):  # these have no name beside the id
        book[key][-1] = [None, *book[key][1][1:]]
    _, found = read(book)
    place = f"{INPUT_TABLES[key].sheet}!A{len(book[key])}"
    assert [(one.where, one.message) for one in found] == [
        (place, f"{heading} is leeg op een rij met gegevens")
    ]


@pytest.mark.parametrize("key", ["plan", "capacity", "budget", "goals", "areas", "intake"])
def test_a_double_id_is_a_fault(key: str) -> None:
    book = small()
    first = book[key][1][0]
    double = f" {first.lower()}\u00a0" if isinstance(first, str) else f"{first} "
    book[key].append([double, *book[key][1][1:]])
    sheet = INPUT_TABLES[key].sheet
    found = only(book)
    assert found.where == f"{sheet}!A{len(book[key])}"
    assert found.message == f"{double.strip()} komt dubbel voor (ook in {sheet}!A2)"


def test_an_id_typed_as_number_is_the_same_id() -> None:
    book = small()
    for key, address in (("plan", "A4"), ("links", "A4"), ("capacity", "E3")):
        put(book[key], address, 21.0 if key == "plan" else "21")
    assert [line.line_id for line in inputs(book).plan.lines] == ["L1", "L2", "21", "L4"]


def test_the_other_cells_of_a_row_with_a_wrong_id_are_read_too() -> None:
    book = with_row("plan", "L1", "Water", "fte", "dubbel", "Oost", "tekst", None, None)
    book["plan"].append([None, "Water", "vte", "zonder regel", "Oost", None, True, None])
    assert {one.where for one in read(book)[1]} == {"Plan!A6", "Plan!F6", "Plan!A7", "Plan!C7", "Plan!G7"}


@pytest.mark.parametrize("key", ["plan", "capacity", "goals", "areas", "links", "intake", "budget"])
def test_an_error_value_in_an_id_is_one_fault(key: str) -> None:
    """Rows that name the id now name an unknown one: those are faults elsewhere."""
    place = f"{INPUT_TABLES[key].sheet}!A2"
    (found,) = (one for one in read(typed(key, "A2", Unreadable("#REF!")))[1] if one.where == place)
    assert "#REF!" in found.message


# Codes and choices


@pytest.mark.parametrize(
    ("key", "address", "cell", "message"),
    [
        ("links", "A2", "L9", 'onbekend: planregel "L9"'),
        ("links", "B2", "A9", 'onbekend: aandachtsgebied "A9"'),
        ("areas", "C2", "7", 'onbekend: RCDV-doel "7"'),
        ("areas", "C2", "w1", 'onbekend: RCDV-doel "w1"'),
        ("areas", "D2", "w1 w9", 'onbekend: RBP-doel "w9"'),
        ("areas", "D2", "R1", 'onbekend: RBP-doel "R1"'),
        ("capacity", "E2", "L1,L8", 'onbekend: planregel "L8"'),
        ("intake", "A2", "L9", 'onbekend: planregel "L9"'),
        ("plan", "C2", "vte", 'bevat "vte", dat is hier onbekend'),
        ("links", "C2", "volledig", 'bevat "volledig", dat is hier onbekend'),
        ("control_totals", "A2", "Tabel 3", 'bevat "Tabel 3", dat is hier onbekend'),
        ("control_totals", "B2", "2031 x", "geen kolom van Tabel 2"),
        ("control_totals", "B4", "2031", "geen kolom van Tabel 1"),
        ("plan", "C2", None, "blok is leeg"),
        ("links", "A2", None, "planregel is leeg"),
        ("links", "C2", None, "dekking is leeg"),
        ("areas", "C2", None, "RCDV-doel is leeg"),
        ("links", "B2", None, "dekking expliciet zonder aandachtsgebied"),
        ("control_totals", "A2", None, "tabel is leeg"),  # or that total would go unchecked
        ("control_totals", "C2", None, "totaal is leeg"),
        ("links", "A2", "L1 L2", "noemt meer dan één planregel: L1 en L2"),  # or L2 would be lost
        ("intake", "A2", "L1 L3", "noemt meer dan één planregel: L1 en L3"),
        ("areas", "C2", "1 2", "noemt meer dan één RCDV-doel: R1 en R2"),
        ("plan", "C2", Unreadable("#N/A"), "bevat #N/A"),
        ("links", "B2", Unreadable("#N/A"), "bevat #N/A"),
        ("links", "C2", Unreadable("#N/A"), "bevat #N/A"),
        ("areas", "C2", True, "bevat WAAR in plaats van tekst"),
        ("plan", "B2", Unreadable("#N/A"), "bevat #N/A"),
        ("plan", "E2", False, "bevat ONWAAR in plaats van tekst"),
        ("budget", "A2", "volgend jaar", 'bevat "volgend jaar" in plaats van een jaartal'),
        ("intake", "B2", "15 mei 2031", 'valt niet op de eerste van de maand ("15 mei 2031")'),
        ("intake", "B2", "lente", 'bevat "lente" in plaats van een maand'),
    ],
)
def test_a_code_or_choice_that_cannot_be_is_one_fault(
    key: str, address: str, cell: object, message: str
) -> None:
    found = only(typed(key, address, cell))
    assert found.where == f"{INPUT_TABLES[key].sheet}!{address}"
    assert found.message == message


def test_codes_and_choices_are_read_whatever_their_case_and_spaces() -> None:
    book = small()
    put(book["links"], "A2", " l1 ")
    put(book["links"], "B2", "a1\u00a0")
    put(book["links"], "C2", " Expliciet")
    put(book["plan"], "C2", "FTE ")
    put(book["areas"], "C2", "r1")
    put(book["areas"], "D3", "W1,  w2")
    assert inputs(book).links == inputs(small()).links
    assert inputs(book).areas == inputs(small()).areas
    assert inputs(book).plan == inputs(small()).plan


def test_a_link_may_name_more_areas() -> None:
    book = typed("links", "B2", "A1 A2")
    assert [(link.line_id, link.area_id) for link in inputs(book).links][:2] == [("L1", "A1"), ("L1", "A2")]


def test_names_that_differ_in_case_and_spaces_are_one() -> None:
    book = small()
    put(book["plan"], "B3", " water ")
    put(book["plan"], "E3", "OOST\u00a0")
    lines = inputs(book).plan.lines
    assert {line.theme for line in lines} == {"Water", "Vuur"}
    assert {line.department for line in lines} == {"Oost", "West", None}


@pytest.mark.parametrize(("soort", "national"), [("Landelijk afgeroomd", True), ("regionaal", False)])
def test_a_national_goal_is_known_whatever_its_case(soort: str, national: bool) -> None:
    assert inputs(typed("goals", "E3", soort)).goals[1].is_national is national


def test_a_heading_and_a_policy_plan_are_known_whatever_their_case() -> None:
    book = small()
    put(book["goals"], "E4", "Opgave")
    put(book["goals"], "B5", "rbp 2030-2033")
    goals = inputs(book).goals
    assert [goal.is_heading for goal in goals] == [False, False, True, False, False]
    assert [goal.is_objective for goal in goals] == [False, False, True, True, True]


# Total rows and rows outside the table


@pytest.mark.parametrize(
    "row",
    [
        ["Totaal", None, None, None, None, 65_000, 180_000, 270_000],
        ["totaal 2031", None, None, None, None, 65_000, 180_000, 270_000],
        ["Subtotaal", "Water", "fte", None, None, 65_000, 180_000, 270_000],
        [None, "Totaal", None, None, None, 65_000, 180_000, 270_000],
        [None, None, None, " TOTAAL (inc. en struct.)", None, 65_000, 180_000, 270_000],
        [None, None, None, None, None, 65_000, 180_000, 270_000],
        ["Jaartotaal", None, "fte", None, None, 65_000, 180_000, 270_000],
        ["Generaal totaal:", None, "fte", None, None, 65_000, 180_000, 270_000],
        ["Som", None, "fte", None, None, 65_000, 180_000, 270_000],
        ["L5", "Water", "fte", "Subtotaal", None, 65_000, 180_000, 270_000],
    ],
)
def test_a_total_row_typed_in_the_table_is_a_fault_and_never_counts(row: list[object]) -> None:
    book = small()
    book["plan"].append(row)
    found = only(book)
    assert (found.where, found.message) == ("Plan, rij 6", "lijkt een totaalregel: die zou dubbel tellen")
    assert len(read(book)[0].plan.lines) == 4


def test_a_line_about_a_total_picture_is_a_line() -> None:
    book = with_row("plan", "Somalië", "Totaalbeeld", "fte", "naar een totaal beeld", "Oost", None, 5)
    assert len(inputs(book).plan.lines) == 5


def beneath(*row: object) -> list[Finding]:
    tables = raw(small())
    plan = tables["plan"]
    width = len(plan.headings)
    padded = tuple([*row, *[None] * width][:width])
    under = type(plan)(plan.source, plan.headings, plan.rows, beneath=((8, (None,) * width), (9, padded)))
    return parse_inputs(tables | {"plan": under})[1]


def test_a_total_row_typed_beneath_the_table_is_a_fault() -> None:
    (found,) = beneath("Totaal", None, None, None, None, 65_000, 180_000, 270_000)
    assert (found.status, found.where) == (Status.FAULT, "Plan, rij 9")
    assert found.message == "lijkt een totaalregel: die zou dubbel tellen"


def test_a_line_typed_beneath_the_table_is_a_fault() -> None:
    (found,) = beneath("L5", "Water", "fte", "te laat", "Oost", 1)
    assert (found.status, found.where) == (Status.FAULT, "Plan, rij 9")
    assert found.message == "staat onder de tabel en telt in de werkmap niet mee"
    assert "Trek de tabel door" in found.remedy


def test_blank_rows_are_nothing() -> None:
    book = small()
    book["plan"].insert(3, [None] * 8)
    book["plan"].append(["", " ", "\u00a0", None, None, None, "\u200b", None])
    assert len(inputs(book).plan.lines) == 4


# Columns


@pytest.mark.parametrize(
    ("heading", "shown"),
    [("2032", "2032"), ("2031_I", "2031_I"), ("regel", "regel"), ("Regel_ID", "Regel_ID")],
)
def test_a_double_column_is_a_fault(heading: str, shown: str) -> None:
    book = small()
    add_column(book["plan"], heading, "L1")
    found = only(book)
    assert (found.where, found.message) == ("Plan!I1", f"kolom {shown} staat er twee keer")


def test_a_year_both_split_and_not_is_a_fault() -> None:
    book = small()
    add_column(book["plan"], "2031", 1)
    found = only(book)
    assert found.where == "Plan, rij 1"
    assert found.message == "2031 staat er gesplitst (i, s) én ongesplitst: dat telt dubbel"


@pytest.mark.parametrize("heading", ["jaar 2033", "2033 inc", "2033*", "2033 s (concept)", "budget 2033"])
def test_an_unknown_year_column_that_holds_something_is_a_fault(heading: str) -> None:
    book = small()
    add_column(book["plan"], heading, 50_000)
    found = only(book)
    assert (found.where, found.message) == ("Plan!I1", f'kolom "{heading}" is geen bekende jaarkolom')
    empty = small()
    add_column(empty["plan"], heading)
    assert read(empty)[1] == []


def test_an_unknown_year_column_of_tabel_1_is_a_fault_with_an_example() -> None:
    book = small()
    add_column(book["capacity"], "fte 2033", 1)
    found = only(book)
    assert found.where == "Tabel 1!I1"
    assert "capaciteit structureel" in found.remedy


def test_a_column_of_their_own_is_a_signal() -> None:
    book = small()
    add_column(book["plan"], "contractnummer", "X-1")
    found = only(book, Status.SIGNAL)
    assert (found.where, found.message) == (
        "Plan!I1", 'kolom "contractnummer" is eigen invoer en telt nergens mee',
    )  # fmt: skip
    assert read(book)[0] == inputs(small())


@pytest.mark.parametrize("heading", [None, " ", Unreadable("#REF!"), True], ids=repr)
def test_a_filled_column_without_a_readable_heading_is_a_fault(heading: object) -> None:
    """An amount under a cleared heading must not vanish with a mere signal."""
    book = typed("plan", "H1", heading)
    found = only(book)
    assert (found.where, found.message) == ("Plan!H1", "kolom zonder leesbare kop bevat gegevens")


@pytest.mark.parametrize("heading", [2032, 2032.0, " 2032 "], ids=repr)
def test_a_year_heading_may_be_a_number(heading: object) -> None:
    assert inputs(typed("plan", "H1", heading)).plan == inputs(small()).plan


def test_a_year_typed_beside_the_table_is_a_fault() -> None:
    """Calc does not grow a table: that year would be missing without a word."""
    tables = raw(small())
    plan = tables["plan"]
    beside = ("notitie", 2033.0, "2034 s", None, "", "2035 (concept)", Unreadable("#REF!"))
    found = parse_inputs(tables | {"plan": type(plan)(plan.source, plan.headings, plan.rows, beside=beside)})[
        1
    ]
    assert [(one.status, one.where, one.message) for one in found] == [
        (Status.FAULT, "Plan!J1", "kolom 2033 staat naast de tabel en telt niet mee"),
        (Status.FAULT, "Plan!K1", "kolom 2034 s staat naast de tabel en telt niet mee"),
        (Status.FAULT, "Plan!N1", "kolom 2035 (concept) staat naast de tabel en telt niet mee"),
        (Status.FAULT, "Plan!O1", "kolom #REF! staat naast de tabel en telt niet mee"),
    ]


@pytest.mark.parametrize("heading", ["0000", "9999 s", 1899])
def test_a_year_heading_out_of_range_is_a_fault(heading: object) -> None:
    found = only(typed("plan", "H1", heading))
    assert (found.where, found.message) == ("Plan!H1", f"kolom {heading} noemt geen bruikbaar jaar")


def test_an_opgave_is_no_objective_of_an_area() -> None:
    """It would be counted nowhere: coverage leaves headings out."""
    found = only(typed("areas", "D3", "w1 W"))
    assert (found.where, found.message) == (
        place("areas", "D3"), "W is een opgave: die telt zelf nergens mee",
    )  # fmt: skip


@pytest.mark.parametrize("key", list(INPUT_TABLES))
def test_a_missing_column_is_a_fault(key: str) -> None:
    table = INPUT_TABLES[key]
    for column in table.columns:
        book = small()
        headings = book[key][0]
        if column.heading not in headings:
            assert not column.required
            continue
        position = headings.index(column.heading)
        for row in book[key]:
            del row[position]
        messages = [one.message for one in read(book)[1] if one.where == f"{table.sheet}, rij 1"]
        assert messages == ([f"kolom {column.heading} ontbreekt"] if column.required else [])


@pytest.mark.parametrize(
    "heading", ["RBP 2024-2027", "rbp_2024_2027", "RBP 2030-2033 (concept)", "rbp-doelen"]
)
def test_the_column_of_objectives_may_name_its_policy_plan(heading: str) -> None:
    assert inputs(typed("areas", "D1", heading)).areas == inputs(small()).areas


@pytest.mark.parametrize("key", [key for key, table in INPUT_TABLES.items() if not table.required])
def test_a_workbook_of_before_a_table_existed_reads_without_it(key: str) -> None:
    book = small()
    del book[key]
    (without, told), all_of_it = read(book), inputs(small())
    assert [(one.status, one.where) for one in told] == [(Status.SIGNAL, INPUT_TABLES[key].sheet)]
    assert told[0].message == f"tabel {INPUT_TABLES[key].table} ontbreekt en geldt als leeg"
    assert getattr(without, key) == ()
    assert without.plan == all_of_it.plan
    assert without.budget == all_of_it.budget


@pytest.mark.parametrize("key", REQUIRED_TABLES)
def test_a_missing_sheet_is_a_fault(key: str) -> None:
    book = small()
    del book[key]
    table = INPUT_TABLES[key]
    found = [one for one in read(book)[1] if one.where == table.sheet]
    assert [one.message for one in found] == [f"blad {table.sheet} met de tabel {table.table} ontbreekt"]
    assert found[0].status is Status.FAULT


def test_a_workbook_older_than_every_table_it_may_lack_is_read_without_a_word() -> None:
    book = {key: sheet for key, sheet in small().items() if INPUT_TABLES[key].required}
    assert read(book) == (inputs(small())._replace(reservations=(), scenarios=()), [])


@pytest.mark.parametrize("name", ["code", "waar", "bevinding", "toelichting"])
def test_an_explanation_says_of_what_and_why(name: str) -> None:
    book = small()
    row: dict[str, object] = {
        "code": "C20", "waar": "Plan", "bevinding": "geen raming", "toelichting": "zo is het",
    }  # fmt: skip
    book["explanations"].append([None if one == name else text for one, text in row.items()])
    parsed, found = read(book)
    assert parsed.explanations == ()
    assert [one.message for one in found] == [f"{name} is leeg"]
    book["explanations"][1] = list(row.values())
    assert inputs(book).explanations == (
        Explanation("C20", "Plan", "geen raming", "zo is het", "Toelichtingen, rij 2"),
    )


def test_a_plan_without_any_year_is_a_fault() -> None:
    book = small()
    book["plan"] = [row[:5] for row in book["plan"]]
    found = only(book)
    assert (found.where, found.message) == ("Plan, rij 1", "er is geen enkele jaarkolom")


# Uitgangspunten


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["normbedrag fte", 0], "is niet groter dan nul"),
        (["normbedrag fte", -5], "is niet groter dan nul"),
        (["normbedrag fte", "ton"], 'bevat de tekst "ton" in plaats van een bedrag'),
        (["ongesplitst als", "misschien"], 'bevat "misschien"'),
        (["ongesplitst als", "ongesplitst"], 'bevat "ongesplitst"'),
        (["instroommaand", "2 mei 2031"], 'valt niet op de eerste van de maand ("2 mei 2031")'),
        (["peildatum", "30 februari 2031"], 'bevat "30 februari 2031" in plaats van een datum'),
    ],
)
def test_a_premise_that_cannot_be_is_a_fault(row: list[object], message: str) -> None:
    book = small()
    book["premises"] = [one for one in book["premises"] if one[0] != row[0]]
    book["premises"].append([*row, None, None])
    book["intake"] = book["intake"][:1]
    found = only(book)
    assert (found.where, found.message) == (place("premises", f"B{len(book['premises'])}"), message)


def test_an_unknown_premise_is_a_signal_that_names_the_known_ones() -> None:
    found = only(with_row("premises", "korting", 0.1), Status.SIGNAL)
    assert found.where == f"{INPUT_TABLES['premises'].sheet}, rij 6"
    assert found.message == 'uitgangspunt "korting" is onbekend en telt nergens mee'
    assert "normbedrag fte" in found.remedy


def test_a_double_premise_is_a_fault_but_months_may_be_many() -> None:
    found = only(with_row("premises", "Normbedrag_FTE", 70_000))
    assert (found.where, found.message) == (
        place("premises", "A6"), "normbedrag fte komt dubbel voor",
    )  # fmt: skip
    months = inputs(with_row("premises", "instroommaand", dt.date(2031, 6, 1))).premises.intake_months
    assert months == ((2031, 4), (2031, 6))


def test_fte_in_house_needs_a_norm_and_cannot_be_negative() -> None:
    assert only(typed("premises", "B3", None)).where == "Instroom!C2"
    messages = {(one.status, one.where, one.message) for one in read(typed("intake", "C2", -1))[1]}
    assert (Status.FAULT, "Instroom!C2", "fte al in dienst is negatief") in messages


def test_a_cut_on_the_grant_is_a_share() -> None:
    book = small()
    add_column(book["budget"], "korting", None, 0.1)
    budget = inputs(book).budget
    assert (budget[2031].cut, budget[2032].cut) == (Fraction(0), Fraction(1, 10))
    put(book["budget"], "F3", 10)
    found = only(book)
    assert (found.where, found.message) == (place("budget", "F3"), 'bevat "10" in plaats van een deel')


def test_tables_that_are_not_required_may_be_missing() -> None:
    """A function in a cell hands over only what it needs."""
    links = {"links": raw(small())["links"], "areas": raw(small())["areas"], "goals": raw(small())["goals"]}
    parsed, found = parse_inputs(links, required=links)
    assert found == []
    assert parsed.plan.lines == ()
    assert [link.line_id for link in parsed.links] == ["L1", "L2", "L3"]  # codes as written


def test_the_assumption_on_years_not_split_may_be_left_out() -> None:
    plan = inputs(typed("premises", "B4", None)).plan
    assert plan.unsplit_as is None
    assert plan.assumed_years == ()
    assert inputs(typed("premises", "B4", "Incidenteel")).plan.unsplit_as is Kind.INCIDENTAL


# All at once


def test_all_faults_come_in_one_run() -> None:
    book = small()
    put(book["plan"], "G2", "tekst")
    put(book["plan"], "F4", True)
    put(book["plan"], "A5", "L1")
    put(book["budget"], "A3", None)
    put(book["areas"], "C3", "9")
    put(book["links"], "C3", "deels")
    put(book["intake"], "B2", "lente")
    put(book["premises"], "B3", Unreadable("#DIV/0!"))
    del book["control_totals"]
    _, found = read(book)
    assert {one.where for one in found if one.status is Status.FAULT} == {
        "Plan!G2", "Plan!F4", "Plan!A5", place("budget", "A3"), place("areas", "C3"), place("links", "C3"),
        place("intake", "B2"), place("intake", "C2"), place("premises", "B3"),
        INPUT_TABLES["control_totals"].sheet,
    }  # fmt: skip
    assert all(one.message and one.remedy for one in found)


def test_the_order_of_columns_does_not_matter() -> None:
    shuffled = small()
    rng = random.Random(7)
    for sheet in shuffled.values():
        order = list(range(len(sheet[0])))
        rng.shuffle(order)
        sheet[:] = [[row[position] for position in order] for row in sheet]
    expected, got = inputs(small()), inputs(shuffled)
    assert set(got.plan.columns) == set(expected.plan.columns)
    assert got.plan.lines == expected.plan.lines
    assert (got.budget, got.goals, got.areas, got.links) == (
        expected.budget, expected.goals, expected.areas, expected.links,
    )  # fmt: skip
    assert (got.capacity, got.intake, got.control_totals) == (
        expected.capacity, expected.intake, expected.control_totals,
    )  # fmt: skip

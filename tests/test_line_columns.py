"""The two ways of reading Koppeling and Instroom, by whole columns and row by row, give the same."""

import datetime as dt
from inspect import unwrap
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bdur_xl import line_columns, parse
from bdur_xl.cells import Unreadable
from bdur_xl.model import Inputs
from bdur_xl.tables import Numbered, RawTable

PLAN = ("regel", "hoofdthema", "blok", "subthema", "afdeling/sector", "2031 s")
LINES = tuple((code, "inkoop", "fte", None, None, 1.0) for code in ("P1", "P2", "P3", "P4"))
AREAS = ("aandachtsgebied", "tekst", "RCDV-doel afgeleid", "RBP-doelen")
GOALS = ("doel", "kader", "valt onder", "tekst", "soort", "bron")
PREMISES = ("uitgangspunt", "waarde")

LINK = ("regel", "aandachtsgebied", "dekking", "grond", "eigen")
INTAKE = ("regel", "startmaand", "fte al in dienst", "grondslag", "eigen")

codes = st.sampled_from(["P1", "P2", "P3", "P4"])
areas = st.sampled_from(["A1", "A2"])
levels = st.sampled_from(["expliciet", "gedeeld", "alleen kop", "ondersteunend"])
texts = st.sampled_from(["memo", " memo ", "me\xa0mo", "", None, 7.0, 7.5])
months = st.sampled_from(["2031-05", "mei 2031", 47969.0, "", None])
staff = st.sampled_from([None, "", 0.0, 1.0, 0.5])
odd = st.sampled_from(
    [
        "p1", "P1 P2", "P1, P2", "P9", "A1 A2", "a1", "A9", "1", "Expliciet", "geen", "", " ", None, True, 1,
        -1.0, 0.125, 1.005, 47970.0, 1e300, float("nan"), dt.datetime(2031, 5, 1), dt.date(2031, 5, 2),
        Unreadable("#REF!"), Unreadable("P1"), Unreadable("gedeeld"), "totaal", "Subtotaal", "som",
        "2031-5-2", "x\u200by", "\x1b[1m",
    ]
)  # fmt: skip


@st.composite
def rows(draw: st.DrawFn, *columns: st.SearchStrategy[Any], unique: bool) -> tuple[tuple[Any, ...], ...]:
    """Rows of a sheet, mostly of one odd cell or two."""
    named = draw(st.lists(codes, min_size=1, max_size=4, unique=unique))
    found = [[code, *(draw(one) for one in columns), draw(texts)] for code in named]
    for _ in range(draw(st.integers(0, 2))):
        found[draw(st.integers(0, len(found) - 1))][draw(st.integers(0, 4))] = draw(odd)
    return tuple(map(tuple, found))


def tables(links: tuple[Any, ...], intake: tuple[Any, ...], norm: object) -> dict[str, RawTable]:
    found = {
        "plan": (PLAN, LINES),
        "goals": (GOALS, (("R1", "BDuR", None, "doel", "doel", None),)),
        "areas": (AREAS, (("A1", "x", "R1", None), ("A2", "y", "R1", None))),
        "premises": (PREMISES, (("normbedrag fte", norm),)),
        "links": (LINK, links),
        "intake": (INTAKE, intake),
    }
    return {key: RawTable(key, headings, Numbered(2, cells)) for key, (headings, cells) in found.items()}


def careful(raw: dict[str, RawTable]) -> tuple[Inputs, Any]:
    """Read row by row, remembering nothing."""
    rows_only = {name: unwrap(getattr(parse, name)) for name in ("_links", "_intake")}
    nothing = mock.patch.multiple(line_columns, links=lambda *_: None, intake=lambda *_: None)
    with mock.patch.multiple(parse, **rows_only), nothing:
        return parse.parse_inputs(raw, required=())


@settings(max_examples=150)
@given(
    rows(areas, levels, texts, unique=False), rows(months, staff, texts, unique=True),
    st.sampled_from([None, 100_000.0]),
)  # fmt: skip
def test_both_ways_read_the_same_and_say_the_same(
    links: tuple[Any, ...], intake: tuple[Any, ...], norm: object
) -> None:
    raw = tables(links, intake, norm)
    quick, found = parse.parse_inputs(raw, required=())
    slow, also_found = careful(raw)
    assert found == also_found
    assert quick.links == slow.links
    assert quick.intake == slow.intake
    assert list(quick.intake) == list(slow.intake)


PLAIN_LINK = ("P1", "A1", "gedeeld", "memo", None)
PLAIN_INTAKE = ("P1", "2031-05", 0.5, "memo", None)


@pytest.mark.parametrize(
    ("at", "cell", "is_fast"),
    [
        (0, "P2", True), (1, "A2", True), (2, "expliciet", True), (3, None, True),
        (4, dt.date(2031, 1, 1), True),
        (0, "p1", False), (0, None, False), (1, "A1 A2", False), (1, None, False), (2, "Gedeeld", False),
        (2, None, False), (3, True, False), (3, Unreadable("#REF!"), False),
    ],
)  # fmt: skip
def test_only_links_beyond_doubt_go_the_fast_way(at: int, cell: object, is_fast: bool) -> None:
    row = (*PLAIN_LINK[:at], cell, *PLAIN_LINK[at + 1 :])
    assert (fast("_link_rows", tables((row,), (PLAIN_INTAKE,), 1.0))) is is_fast


@pytest.mark.parametrize(
    ("at", "cell", "is_fast"),
    [
        (0, "P2", True), (1, None, True), (1, 47969.0, True), (2, "", True), (3, None, True),
        (4, "eigen", True), (0, "p1", False), (0, "P9", False), (1, "mei", False),
        (1, dt.date(2031, 5, 1), False), (2, -1.0, False), (2, 0.125, False),
        (2, "een", False), (3, Unreadable("#REF!"), False), (4, "totaal", False),
    ],
)  # fmt: skip
def test_only_intake_beyond_doubt_goes_the_fast_way(at: int, cell: object, is_fast: bool) -> None:
    row = (*PLAIN_INTAKE[:at], cell, *PLAIN_INTAKE[at + 1 :])
    assert (fast("_intake_rows", tables((PLAIN_LINK,), (row,), 1.0))) is is_fast


def fast(careful_way: str, raw: dict[str, RawTable]) -> bool:
    """Tell whether a sheet is read without going through its rows."""
    names = {name: unwrap(getattr(parse, name)) for name in ("_links", "_intake")}
    rows_read = mock.patch.object(parse, careful_way, wraps=getattr(parse, careful_way))
    with mock.patch.multiple(parse, **names), rows_read as called:
        parse.parse_inputs(raw, required=())
    return not called.called

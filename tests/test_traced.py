import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdur_xl import cells
from bdur_xl.traced import LONGEST_TAG, euro, marked, pieces, plain, quoted, shared, single, tag_of

MARKS = "\ufdd0\ufdd1\ufdd2"

written = st.text(st.characters(exclude_characters=MARKS, exclude_categories=["Cs"]))
"""Text as it may stand in a cell, minus signs, dots and braces included."""

names = st.text(st.sampled_from("ab.,; -()12é&<"), min_size=1).filter(lambda name: not name.startswith("-"))
"""A kenmerk: names of themes and departments are in it, so dots and commas too."""

years = st.lists(st.integers(1900, 2199).map(str), min_size=1, max_size=4, unique=True)


@given(st.lists(st.tuples(written, st.one_of(st.just(""), names))))
def test_pieces_give_back_what_was_marked(parts: list[tuple[str, str]]) -> None:
    text = "".join(marked(name, piece) if name else piece for piece, name in parts)
    found = list(pieces(text))
    assert "".join(piece for piece, _ in found) == plain(text) == "".join(piece for piece, _ in parts)
    assert [(piece, name) for piece, name in found if name] == [one for one in parts if one[1]]
    assert all(piece for piece, name in found if not name)


@given(written)
def test_a_text_without_marks_is_itself(text: str) -> None:
    assert plain(text) == text
    assert list(pieces(text)) == ([(text, "")] if text else [])


def test_what_staff_type_holds_no_mark() -> None:
    """A cell that holds a mark would shift the figures of a sentence."""
    assert cells.text(f"op{MARKS}gave {marked('ruimte.2027', '€ 1')}") == "opgave ruimte.2027€ 1"


def test_an_amount_is_marked_as_it_is_written() -> None:
    assert list(pieces(f"Er is {euro('ruimte.2027', -1_50)}.")) == [
        ("Er is ", ""),
        ("−€\N{NO-BREAK SPACE}1,50", "ruimte.2027"),
        (".", ""),
    ]
    assert plain(euro("a", 1_50, 0)) == "€\N{NO-BREAK SPACE}2"
    assert plain(euro("a", None)) == "–"


# More years in one figure


@given(names, years)
def test_ids_that_share_a_figure_come_apart_again(name: str, columns: list[str]) -> None:
    texts = [f"is {marked(f'{name}.{column}', '€ 5')}" for column in columns]
    ((_, none), (text, ids)) = pieces(shared(texts))
    assert (none, text) == ("", "€ 5")
    assert single(ids) == [f"{name}.{column}" for column in columns]


def test_texts_with_more_figures_share_them_one_by_one() -> None:
    texts = [f"{euro(f'a.{year}', 5)} ({marked(f'aandeel-a.{year}', '27%')})" for year in (2027, 2028, 2028)]
    assert [ids for _, ids in pieces(shared(texts)) if ids] == ["a.2027,2028", "aandeel-a.2027,2028"]
    assert plain(shared(texts)) == "€\N{NO-BREAK SPACE}0,05 (27%)"


def test_a_shortage_keeps_its_sign() -> None:
    ids = [ids for _, ids in pieces(shared([euro(f"-ruimte-exact.{year}", 5) for year in (2027, 2028)]))]
    assert ids == ["-ruimte-exact.2027,2028"]
    assert single(ids[0]) == ["ruimte-exact.2027", "ruimte-exact.2028"]


@pytest.mark.parametrize(
    ("ids", "apart"),
    [
        ("", []),
        ("normbedrag-fte", ["normbedrag-fte"]),
        ("-ruimte-exact.2023", ["ruimte-exact.2023"]),
        ("hoofdthema-toek. CB.2023,2024", ["hoofdthema-toek. CB.2023", "hoofdthema-toek. CB.2024"]),
        ("afdeling-Zorg, wonen.2027", ["afdeling-Zorg, wonen.2027"]),
        ("P07.2023 i", ["P07.2023 i"]),
        (
            "instroom 1 mei 2023, 0,5 fte al in dienst.ruimte exact",
            ["instroom 1 mei 2023, 0,5 fte al in dienst.ruimte exact"],
        ),
        ("C05-T06 Zorg, 2025.2", ["C05-T06 Zorg, 2025.2"]),
    ],
)
def test_single(ids: str, apart: list[str]) -> None:
    assert single(ids) == apart


# What people wrote


def test_every_amount_of_a_quote_is_numbered() -> None:
    text = "€ 5 in 2027, 27% van 1.685.000 voor 1,5 fte en niets meer"
    made = quoted("P05-opmerking", text)
    assert plain(made) == text
    assert [(piece, name) for piece, name in pieces(made) if name] == [
        ("€ 5", "P05-opmerking.1"),
        ("27%", "P05-opmerking.2"),
        ("1.685.000", "P05-opmerking.3"),
        ("1,5 fte", "P05-opmerking.4"),
    ]


@given(written, st.integers(-(10**12), 10**12), written)
def test_a_quote_reads_as_it_was_written(before: str, cents: int, after: str) -> None:
    text = f"{before} {euro('x', cents)} {after}"
    assert plain(quoted("a", plain(text))) == plain(text)


# Tags of Word


@given(st.text(min_size=1))
def test_a_tag_fits_word(ids: str) -> None:
    tag = tag_of(ids)
    assert len(tag) <= LONGEST_TAG
    assert tag == ids or (len(ids) > LONGEST_TAG and re.search(r"~[0-9a-f]{8}$", tag))


def test_long_ids_that_begin_the_same_have_their_own_tag() -> None:
    long = "afdeling-" + "x" * 80
    assert tag_of(f"{long}.2027") != tag_of(f"{long}.2028")
    assert tag_of(f"{long}.2027") == tag_of(f"{long}.2027")
    assert tag_of("x" * LONGEST_TAG) == "x" * LONGEST_TAG


def test_an_empty_mark_is_still_a_figure() -> None:
    assert list(pieces(marked("a.2027", ""))) == [("", "a.2027")]

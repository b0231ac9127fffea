"""Herstel vorige stand: keep, change anything, bring back; twice is a swap."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sheets import put, raw, small

from bdur_xl.book import BookError, Formula
from bdur_xl.cells import Unreadable
from bdur_xl.restore import Snapshot, inputs_of, latest_other, restore, restored_text, same
from bdur_xl.tables import INPUT_TABLES, RawTable

NOON = dt.datetime(2031, 3, 12, 14, 5, 9)

Rows = list[list[object]]


class Rowed:
    """A book of rows; `broken` are the tables it cannot write."""

    def __init__(self, book: dict[str, Rows], broken: Sequence[str] = ()) -> None:
        self.book, self.broken, self.written = book, broken, list[str]()

    def read(self, key: str) -> RawTable | None:
        return raw(self.book).get(key)

    def write(self, key: str, rows: Sequence[Sequence[object]]) -> None:
        if key in self.broken:
            raise BookError("gaat niet", "doe iets anders")
        self.written.append(key)
        self.book[key] = [list(row) for row in rows]


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.sampled_from(["=1+1", "2031-05", "#N/A"]),
    st.sampled_from(["#N/A", "#REF!"]).map(Unreadable),
    st.dates(),
    st.datetimes().map(lambda moment: moment.replace(fold=0)),
    st.times().map(lambda time: time.replace(fold=0)),
    st.timedeltas(),
    st.decimals(allow_nan=False),
    st.builds(Formula, st.sampled_from(["=1+1", "=2"]), st.one_of(st.none(), st.floats(allow_nan=False))),
)
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=4)
)
books = st.dictionaries(st.sampled_from(list(INPUT_TABLES)), tables, min_size=1)
changes = st.fixed_dictionaries(dict.fromkeys(INPUT_TABLES, tables))


def held(book: Rowed) -> object:
    """Return what every cell holds: 1 is not True; of a formula its text, of numbers their value."""
    numbers = {int: "getal", float: "getal", Decimal: "getal"}
    return {
        key: [
            [cell.text if isinstance(cell, Formula) else (numbers.get(type(cell), type(cell)), cell)
             for cell in row]
            for row in rows
        ]
        for key, rows in book.book.items()
    }  # fmt: skip


@given(books, changes)
def test_keep_change_anything_restore_and_twice_is_a_swap(
    before: dict[str, Rows], change: dict[str, Rows]
) -> None:
    book, after = Rowed(before), Rowed({key: change[key] for key in before})
    older, newer = held(book), held(after)
    assume(older != newer)
    kept = [Snapshot(NOON, inputs_of(book))]
    book.book = after.book
    for expected in (older, newer, older):
        present = inputs_of(book)
        earlier = latest_other(reversed(kept), present)
        assert earlier
        kept.append(Snapshot(NOON, present))
        assert restore(book, earlier.tables, present).unequal == ()
        assert held(book) == expected


def test_only_tables_that_changed_are_written() -> None:
    book = Rowed(small())
    earlier = inputs_of(book)
    put(book.book["plan"], "F2", 5)
    put(book.book["budget"], "B2", None)
    restored = restore(book, earlier, inputs_of(book))
    assert book.book == small()
    assert book.written == ["plan", "budget"]
    assert restored.changed == {"Plan": 1, "Budget": 1}


def test_rows_and_year_columns_that_came_go_and_those_that_went_come_back() -> None:
    book = Rowed(small())
    earlier = inputs_of(book)
    for row in book.book["plan"]:
        row.append("2033" if row[0] == "regel" else 5)
    del book.book["plan"][2]
    book.book["goals"].append(["w3", "RBP 2030-2033", "W", "een doel erbij", "doelstelling", None])
    restored = restore(book, earlier, inputs_of(book))
    assert book.book == small()
    assert restored.changed["Doelen"] == 6


def test_tables_on_one_sheet_are_told_together() -> None:
    book = Rowed(small())
    earlier = inputs_of(book)
    put(book.book["goals"], "D2", "anders")
    put(book.book["areas"], "B2", "anders")
    put(book.book["premises"], "B2", 5)
    restored = restore(book, earlier, inputs_of(book))
    assert restored_text(NOON, restored).splitlines() == [
        "Hersteld naar de stand van 12 maart 2031, 14:05: 2 cellen gewijzigd op Doelen en 1 op Over.",
        "Druk nog eens op Herstel om de stand van zojuist terug te halen.",
    ]


def test_one_cell_is_told_as_one() -> None:
    book = Rowed(small())
    earlier = inputs_of(book)
    put(book.book["plan"], "H3", None)
    told = restored_text(dt.datetime(2023, 1, 2, 3, 4), restore(book, earlier, inputs_of(book)))
    assert told.startswith("Hersteld naar de stand van 2 januari 2023, 03:04: 1 cel gewijzigd op Plan.\n")


def test_a_table_that_cannot_be_written_leaves_all_as_it_was() -> None:
    book = Rowed(small(), broken=["budget"])
    earlier = inputs_of(book)
    put(book.book["plan"], "F2", 5)
    put(book.book["budget"], "B2", 5)
    put(book.book["goals"], "D2", "anders")
    before = held(book)
    with pytest.raises(BookError, match="gaat niet"):
        restore(book, earlier, inputs_of(book))
    assert held(book) == before
    assert book.written == ["plan", "plan"]


def test_a_table_that_is_gone_is_named_and_nothing_is_written() -> None:
    book = Rowed(small())
    earlier = inputs_of(book)
    del book.book["intake"]
    put(book.book["plan"], "F2", 5)
    with pytest.raises(BookError) as refused:
        restore(book, earlier, inputs_of(book))
    assert refused.value.message == "De tabel tblInstroom (blad Instroom) staat niet meer in de werkmap"
    assert book.written == []


def test_a_table_that_came_later_is_left_alone() -> None:
    book = Rowed({"plan": small()["plan"]})
    earlier = inputs_of(book)
    book.book = small()
    put(book.book["plan"], "F2", 5)
    restore(book, earlier, inputs_of(book))
    assert book.book == small()


def test_a_cell_that_the_book_does_not_take_is_told() -> None:
    book = Rowed(small())
    earlier = inputs_of(book)
    put(book.book["plan"], "F2", 5)
    put(book.book["plan"], "F4", 6)
    take = book.write

    def write(key: str, rows: Sequence[Sequence[object]]) -> None:
        take(key, rows)
        put(book.book[key], "F4", "nee")

    book.write = write  # type: ignore[method-assign]
    told = restored_text(NOON, restore(book, earlier, inputs_of(book))).splitlines()
    assert told[1] == "Niet precies terug te zetten: Plan!F4. Kijk die cellen na."


def test_the_state_that_comes_back_is_the_newest_that_is_another() -> None:
    """So after a refresh, an edit and a refresh, Herstel undoes the edit."""
    first, second = inputs_of(Rowed(small())), dict(inputs_of(Rowed(small())))
    del second["plan"]
    kept = [Snapshot(NOON, {}), Snapshot(NOON, first), Snapshot(NOON, second)]
    assert latest_other(kept, first) is None
    changed = Rowed(small())
    put(changed.book["plan"], "F2", 5)
    assert latest_other(kept, inputs_of(changed)) is kept[1]


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1.0, True),
        (1, Decimal(1), True),
        (1, True, False),
        (0, False, False),
        (0, None, False),
        ("", None, False),
        ("1", 1, False),
        ("#N/A", Unreadable("#N/A"), False),
        ("=1+1", Formula("=1+1", 2), False),
        (Formula("=A1", 1), Formula("=A1", 2), True),
        (dt.date(2031, 5, 1), dt.datetime(2031, 5, 1), False),
    ],
)
def test_two_cells_hold_the_same(one: object, other: object, equal: bool) -> None:
    assert same(one, other) is equal
    assert same(other, one) is equal

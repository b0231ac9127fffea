"""What differs between two versions of a plan, in Dutch sentences and as plain data; largest effect first."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from bdur_xl import nl, tables
from bdur_xl import sentences as words
from bdur_xl.as_json import Json, number
from bdur_xl.compare import (
    NO_AMOUNT,
    NO_ESTIMATE,
    TABLES,
    Cause,
    Change,
    Comparison,
    Field,
    FieldChange,
    FigureChange,
    GoalChange,
    Pair,
    RowChange,
    YearChange,
    amount_id,
)
from bdur_xl.figures import Unit
from bdur_xl.model import YearColumn
from bdur_xl.terms import OPPOSITE, Basis, Kind, Level
from bdur_xl.traced import euro, marked, pieces, plain, quoted

NO_CHANGES = "Geen wijzigingen."

MOST_CAUSES = 5
"""Causes that a year's sentence names one by one; the rest is summed. One more is named too."""

MOST_CHANGES = 5
"""Changes of one table, of one kind, that the sentences name one by one; the rest is counted."""

LONGEST = 40
"""Texts up to this many characters are quoted; of longer ones is said that they changed."""


def sentences(comparison: Comparison, since: dt.date | None) -> tuple[str, ...]:
    """Return what differs in Dutch, largest effect first, every figure marked with its id (`traced`).

    First the count, then the years whose lasten or ruimte differ, then goals and
    staff, then what leaves lasten and ruimte as they are, last mere text.
    `since` is the date of the older version, None when it is not known.
    """
    if comparison.is_empty:
        return (NO_CHANGES,)
    moment = nl.date(since.year, since.month, since.day) if since else "de vorige versie"
    told = (
        f"Sinds {moment}: {'; '.join(_counts(comparison))}.",
        *(f"{_year_text(year)}." for year in comparison.years),
        *_goal_sentences(comparison.goals),
        *_derived_sentences(comparison),
        *_other_sentences(comparison),
    )
    return tuple(_marked_throughout(sentence, number) for number, sentence in enumerate(told, start=1))


def _marked_throughout(sentence: str, number: int) -> str:
    """Return the sentence with the amounts in names and quoted texts marked too."""
    return "".join(
        marked(figure_id, text) if figure_id else quoted(f"wijziging-{number}-{place}", text)
        for place, (text, figure_id) in enumerate(pieces(sentence), start=1)
    )


def plain_sentences(comparison: Comparison, since: dt.date | None) -> tuple[str, ...]:
    """Return the sentences without marks, as a screen shows them."""
    return tuple(plain(sentence) for sentence in sentences(comparison, since))


def _counts(comparison: Comparison) -> Iterator[str]:
    """Yield what differs, counted: 3 regels gewijzigd, 1 toegevoegd (P21); 1 wijziging in het budget."""
    lines = [row for row in comparison.rows if row.table == "plan"]
    if lines:
        yield ", ".join(_lines_counted(lines))
    for change in (Change.ADDED, Change.REMOVED):
        years = sorted(year.year for year in comparison.years if year.change is change)
        if years:
            yield f"{'jaar' if len(years) == 1 else 'jaren'} {words.listed(years)} {change}"
    others: Counter[str] = Counter()
    for row in comparison.rows:
        if row.table != "plan":
            others[TABLES[row.table]] += len(row.fields) if row.table == "premises" else 1
    if others:
        (table, count), *more = others.items()
        first = f"{nl.plural(count, 'wijziging', 'wijzigingen')} in {table}"
        yield nl.listing((first, *(f"{count} in {table}" for table, count in more)))


def _lines_counted(lines: Sequence[RowChange]) -> Iterator[str]:
    """Yield the plan lines counted, the noun once; those added or removed are named."""
    noun = True
    for change in (Change.CHANGED, Change.ADDED, Change.REMOVED):
        codes = [row.row.code for row in lines if row.change is change]
        if codes:
            count = nl.plural(len(codes), "regel", "regels") if noun else str(len(codes))
            named = "" if change is Change.CHANGED else f" ({_and_more(codes, ', ')})"
            yield f"{count} {change}{named}"
            noun = False


def _and_more(texts: Sequence[str], separator: str, where: str = "") -> str:
    """Write texts behind each other; beyond the first few the rest is counted."""
    rest = len(texts) - MOST_CHANGES
    if rest <= 1:  # one more takes no more room than its count
        return separator.join(texts)
    return f"{separator.join(texts[:MOST_CHANGES])} en nog {rest}{where}"


# In sentences: a year


def _year_text(year: YearChange) -> str:
    if year.change is not Change.CHANGED:
        return f"{year.year} {year.change}: {_whole_year(year)}"
    return f"{_year_head(year)}: {'; '.join(_cause_texts(year))}"


def _whole_year(year: YearChange) -> str:
    """Write the figures of a year that is new, or gone."""
    added = year.change is Change.ADDED
    verbs = ("", "", "") if added else (" waren", " was", " was")
    side, prefix = (1, "") if added else (0, "was-")

    def shown(what: str, pair: Pair, unknown: str) -> str:
        return _stated(f"{prefix}{what}.{year.year}", pair[side], unknown)

    figures = (
        shown("lasten-totaal", year.planned, "niet geraamd"),
        *(
            _per_basis({basis: shown(f"{what}-{basis}", pairs[basis], "niet bekend") for basis in Basis})
            for what, pairs in (("beschikbaar", year.available), ("ruimte", year.room))
        ),
    )
    names = ("lasten", "beschikbaar", "ruimte")
    return ", ".join(f"{name}{verb} {text}" for name, verb, text in zip(names, verbs, figures, strict=True))


def _stated(figure_id: str, cents: int | None, absent: str) -> str:
    return absent if cents is None else euro(figure_id, cents)


def _per_basis(texts: Mapping[Basis, str]) -> str:
    """Write a text per basis, once where both read the same."""
    if len({plain(text) for text in texts.values()}) == 1:
        return texts[Basis.EXACT]
    return ", ".join(f"{basis} {text}" for basis, text in texts.items())


def _year_head(year: YearChange) -> str:
    """Say how ruimte, or else lasten, of a year differ."""
    planned = _higher(f"lasten-jaartotaal.{year.year}", year.planned.difference)
    if all(pair == (None, None) for pair in year.room.values()):
        return f"Lasten {year.year} {planned} (ruimte niet bekend)"
    room = _per_basis({basis: _room_text(year, basis) for basis in Basis})
    aside = f", lasten {planned}" if year.grant_differs and year.planned.difference else ""
    return f"Ruimte {year.year} {room}{aside}"


def _room_text(year: YearChange, basis: Basis) -> str:
    figure_id, (before, after) = f"ruimte-{basis}.{year.year}", year.room[basis]
    if before is None:
        return "niet bekend" if after is None else f"nu bekend ({euro(figure_id, after)})"
    if after is None:
        return f"niet meer bekend (was {euro(f'was-{figure_id}', before)})"
    turn = ""
    if after < 0 <= before:
        turn = f" (nu een tekort van {euro(f'{OPPOSITE}{figure_id}', -after)})"
    elif before < 0 <= after:
        turn = f" (geen tekort meer: nu {euro(figure_id, after)})"
    return f"{_higher(figure_id, after - before)}{turn}"


def _higher(figure_id: str, difference: int) -> str:
    """Write a difference: € 40.000 hoger, € 40.000 lager, per saldo gelijk."""
    if not difference:
        return "per saldo gelijk"
    sign = OPPOSITE if difference < 0 else ""
    size = euro(f"{sign}verschil-{figure_id}", abs(difference))
    return f"{size} {'hoger' if difference > 0 else 'lager'}"


def _cause_texts(year: YearChange) -> list[str]:
    """Write why a year differs, largest first; the grant is always named, small lines are summed."""
    most = MOST_CAUSES if len(year.causes) > MOST_CAUSES + 1 else len(year.causes)
    sized = [(abs(cause.cost), _cause_text(cause)) for cause in year.causes[:most]]
    if year.grant_differs:
        sized.append((max(abs(pair.difference) for pair in year.available.values()), _grant_text(year)))
    texts = [text for _, text in sorted(sized, key=lambda one: -one[0])]
    rest = year.causes[most:]
    if rest:
        cost = sum(cause.cost for cause in rest)
        together = f"{'samen ' if cost else ''}{_higher(f'lasten-overige-regels.{year.year}', cost)}"
        texts.append(f"en nog {len(rest)} regels {together}")
    return texts


def _cause_text(cause: Cause) -> str:
    """Write what a line costs more or less: bevolkingszorg van € 200.000 naar € 240.000."""
    now, was = (
        [
            (_kind(column), _stated(f"{prefix}{amount_id(cause.line_id, column)}", pair[side], NO_ESTIMATE))
            for column, pair in cause.amounts.items()
        ]
        for side, prefix in ((1, ""), (0, "was-"))
    )
    if cause.change is Change.ADDED:
        return f"nieuwe regel {cause.name} {nl.listing(kind + amount for kind, amount in now)}"
    if cause.change is Change.REMOVED:
        return f"vervallen regel {cause.name} (was {nl.listing(kind + amount for kind, amount in was)})"
    moves = (f"{kind}van {old} naar {new}" for (kind, old), (_, new) in zip(was, now, strict=True))
    return f"{cause.name} {nl.listing(moves)}"


def _kind(column: YearColumn) -> str:
    return "" if column.kind is Kind.UNSPLIT else f"{column.kind} "


def _grant_text(year: YearChange) -> str:
    """Write how the available amount differs, with what staff changed where that is not the same amount."""
    moves = {
        basis: f"van {_stated(f'was-beschikbaar-{basis}.{year.year}', pair.before, NO_AMOUNT)} "
        f"naar {_stated(f'beschikbaar-{basis}.{year.year}', pair.after, NO_AMOUNT)}"
        for basis, pair in year.available.items()
        if pair.before != pair.after
    }
    amounts = (
        _per_basis(moves) if len(moves) == len(Basis) else nl.listing(f"{b} {t}" for b, t in moves.items())
    )
    same = {(f"{basis} bedrag", *pair) for basis, pair in year.available.items()}
    details = [
        _field_text(one)
        for one in year.grant_fields
        if (one.after.label, one.before.value, one.after.value) not in same
        and (one.before.value or one.after.value)
    ]
    return f"het beschikbare bedrag {amounts}{f' ({nl.listing(details)})' if details else ''}"


# In sentences: what follows from it


def _goal_sentences(goals: Iterable[GoalChange]) -> Iterator[str]:
    """Yield the goals whose level differs, those that move alike together."""
    years_of: dict[tuple[str, Level, Level], list[int]] = {}
    for goal_id, year, before, after in goals:
        years_of.setdefault((goal_id, before, after), []).extend([year] if year else [])
    alike: dict[tuple[Level, Level, tuple[int, ...]], list[str]] = {}
    for (goal_id, before, after), years in years_of.items():
        alike.setdefault((before, after, tuple(years)), []).append(goal_id)
    for (before, after, when), goal_ids in alike.items():
        subject = f"{'Doel' if len(goal_ids) == 1 else 'Doelen'} {nl.listing(goal_ids)}"
        verb = "gaat" if len(goal_ids) == 1 else "gaan"
        in_years = f" in {words.listed(when)}" if when else ""
        yield f'{subject} {verb}{in_years} van "{before}" naar "{after}".'


def _derived_sentences(comparison: Comparison) -> Iterator[str]:
    """Yield how structural staff differ, and lasten with the start month of each line (whole euros)."""
    for subject, kenmerk, changes, shown in (
        ("Structurele formatie", "fte-structureel", comparison.fte, _fte),
        ("Lasten met de startmaand per regel", "deeljaar-jaartotaal", comparison.phased, _whole_euros),
    ):
        moves = []
        for year, before, after in changes:
            was, now = ("onbekend" if value is None else shown(value) for value in (before, after))
            if was != now:
                figure_id = f"{kenmerk}.{year}"
                moves.append(f"{year} van {marked(f'was-{figure_id}', was)} naar {marked(figure_id, now)}")
        if moves:
            yield f"{subject}: {', '.join(moves)}."


def _fte(value: Fraction | int) -> str:
    return f"{nl.fte(value)} fte"


def _whole_euros(value: Fraction | int) -> str:
    return nl.euro(value, 0)


# In sentences: all else


def _other_sentences(comparison: Comparison) -> Iterator[str]:
    """Yield what leaves the years as they are, first what other figures may follow from."""
    told = frozenset(_told(comparison))
    for touches, opening in (
        (True, "Zonder gevolg voor jaartotalen en ruimte"),
        (False, words.WITHOUT_EFFECT),
    ):
        texts = []
        for table, rows in groupby(comparison.rows, key=lambda row: row.table):
            mine = [text for row in rows if (text := _row_text(row, told, touches))]
            if mine:
                texts.append(_and_more(mine, "; ", f" in {TABLES[table]}"))
        if texts:
            yield f"{opening}: {'; '.join(texts)}."


Told = frozenset[tuple[str, str, str]]
"""Table, code and field that the sentences of the years tell; field "" for the row itself."""


def _told(comparison: Comparison) -> Iterator[tuple[str, str, str]]:
    for year in comparison.years:
        for cause in year.causes:
            yield "plan", cause.line_id, ""
            for column in cause.amounts:
                yield "plan", cause.line_id, tables.year_heading(column)
        if year.grant_differs:
            yield "budget", str(year.year), ""
            for field in year.grant_fields:
                yield "budget", str(year.year), field.after.label


def _row_text(row: RowChange, told: Told, touches: bool) -> str:
    """Write what of a row is not yet told; "" when nothing is. Whole rows count as touching figures."""
    fields = [
        field
        for field in row.fields
        if field.touches is touches and (row.table, row.row.code, field.after.label) not in told
    ]
    if row.change is Change.CHANGED:
        return f"{row.row.name}: {', '.join(map(_field_text, fields))}" if fields else ""
    if not touches or (row.table, row.row.code, "") in told:
        return ""
    side = 1 if row.change is Change.ADDED else 0
    facts = [f"{pair[side].label} {_shown(pair[side])}" for pair in fields if not _is_long(pair[side])]
    return f"{row.row.name} {row.change}{f' ({nl.listing(facts)})' if facts else ''}"


def _field_text(change: FieldChange) -> str:
    """Write how a field differs: hoofdthema van A naar B, opmerking gewijzigd."""
    before, after = change
    was, now = _shown(before, "was-"), _shown(after)
    if _is_long(before) or _is_long(after) or plain(was) == plain(now):
        verb = "toegevoegd" if before.value is None else "weggehaald" if after.value is None else "gewijzigd"
        return f"{after.label} {verb}"
    return f"{after.label} van {was} naar {now}"


def _is_long(field: Field) -> bool:
    return isinstance(field.value, str) and len(field.value) > LONGEST


def _shown(field: Field, prefix: str = "") -> str:
    """Write a field's value, a figure with its id; what staff word freely between quotes."""
    value = field.value
    if isinstance(value, str):
        return value if field.touches else f'"{value}"'
    if isinstance(value, dt.date):
        return nl.date(value.year, value.month, value.day)
    if value is None:
        return field.absent or "leeg"
    if field.unit is Unit.SHARE:
        text = nl.percentage(Fraction(value), whole=False)
    else:
        text = nl.euro(value) if field.unit is Unit.EURO else _fte(value)
    return marked(f"{prefix}{field.figure_id}", text)


def comparison_json(comparison: Comparison, since: dt.date | None) -> dict[str, Json]:
    """Return the comparison as `bdur vergelijk --json` prints it: amounts in euros, null for absent."""
    return {
        "gelijk": comparison.is_empty,
        "sinds": since.isoformat() if since else None,
        "zinnen": list(plain_sentences(comparison, since)),
        "jaren": [_year_json(year) for year in comparison.years],
        "doelen": [
            {"doel": goal_id, "jaar": year, "van": str(before), "naar": str(after)}
            for goal_id, year, before, after in comparison.goals
        ],
        "fte": _figures_json(comparison.fte),
        "deeljaar": _figures_json(comparison.phased),
        "wijzigingen": [_row_json(row) for row in comparison.rows],
    }


def _year_json(year: YearChange) -> Json:
    return {
        "jaar": year.year,
        "wijziging": str(year.change),
        "lasten": _pair_json(year.planned),
        "beschikbaar": {str(basis): _pair_json(pair) for basis, pair in year.available.items()},
        "ruimte": {str(basis): _pair_json(pair) for basis, pair in year.room.items()},
        "oorzaken": [
            {
                "regel": cause.line_id,
                "naam": cause.name,
                "wijziging": str(cause.change),
                "lasten": number(cause.cost),
                "bedragen": {
                    tables.year_heading(column): _pair_json(pair) for column, pair in cause.amounts.items()
                },
            }
            for cause in year.causes
        ],
    }


def _pair_json(pair: Pair) -> Json:
    return {"van": number(pair.before), "naar": number(pair.after)}


def _figures_json(changes: Iterable[FigureChange]) -> Json:
    return [{"jaar": year, "van": number(before), "naar": number(after)} for year, before, after in changes]


def _row_json(row: RowChange) -> Json:
    return {
        "tabel": TABLES[row.table],
        "code": row.row.code,
        "naam": row.row.name,
        "wijziging": str(row.change),
        "velden": [
            {"veld": pair.after.label, "van": _value_json(pair.before), "naar": _value_json(pair.after)}
            for pair in row.fields
        ],
    }


def _value_json(field: Field) -> Json:
    value = field.value
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    return float(value) if field.unit is Unit.SHARE else number(value)

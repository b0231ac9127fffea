"""What the figures say, in Dutch sentences that hold for every sign, status and absence.

Every amount, fte and percentage is marked with the id of its figure (see `traced`).
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import groupby

from bdur_xl import budget, nl, tables, terms, traced
from bdur_xl.figures import MOST_LINES, months
from bdur_xl.overview import IntakeVariant, Overview, intake_label
from bdur_xl.terms import MONTHS_PER_YEAR, OPPOSITE, Basis, Kind
from bdur_xl.traced import euro

FORECAST = "prognose"
"""Status of a grant amount that no letter confirms yet. Source: memo, par. 1."""

WITHOUT_EFFECT = "Zonder gevolg voor de bedragen"
"""How the sentence begins on what changed no figure between two versions of a plan."""

_GRANT_NOUNS = {
    terms.AWARDED: "het toegekende bedrag",
    FORECAST: "de prognose",
    "voorlopig": "het voorlopige bedrag",
}
_COUNT_WORDS = (
    "nul", "één", "twee", "drie", "vier", "vijf", "zes",
    "zeven", "acht", "negen", "tien", "elf", "twaalf",
)  # fmt: skip


# Words and lists


def number_word(number: int) -> str:
    """Write a small number in letters, as running text does: vier, 21."""
    return _COUNT_WORDS[number] if number < len(_COUNT_WORDS) else str(number)


def count(number: int, one: str, many: str) -> str:
    """Write a count with its noun as running text does: vier doelen, 21 regels."""
    return f"{number_word(number)} {one if number == 1 else many}"


def period(years: Sequence[int]) -> str:
    """Write years as a period: 2023 tot en met 2026."""
    if len(years) > 2 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]} tot en met {years[-1]}"
    return listed(years)


def first_listed(words: Sequence[str], count: int | None = None) -> str:
    """Write things as a list; of many the first ones, and how many more there are.

    `count` is how many there are in all, where `words` are but the first of them.
    """
    rest = (len(words) if count is None else count) - MOST_LINES
    return listed([*words[:MOST_LINES], f"nog {rest}"] if rest > 0 else words)


def listed(words: Iterable[object]) -> str:
    """Write things as a list: 2024, 2025 en 2026."""
    return nl.listing(str(word) for word in words)


def by_year(texts: Mapping[int, str], preposition: str = "in") -> str:
    """Write a text per year, equal neighbours together: 9 fte in 2023 en 12 fte in 2024 en 2025."""
    groups = (list(years) for _, years in groupby(texts, key=lambda year: _figures_of(texts[year])))
    return nl.listing(
        f"{traced.shared([texts[year] for year in years])} {preposition} {listed(years)}" for years in groups
    )


def _figures_of(text: str) -> list[tuple[str, str]]:
    """Return the pieces of a text, each with the kenmerk of its figure: what neighbours must share."""
    return [(piece, ids.rpartition(".")[0]) for piece, ids in traced.pieces(text)]


def capital(text: str) -> str:
    """Return the text with its first letter as a capital: één becomes Eén."""
    return f"Eén{text[3:]}" if text.startswith("één") else text[:1].upper() + text[1:]


# The grant


def grant_noun(overview: Overview, year: int) -> str:
    """Name a year's grant after its status: het toegekende bedrag, de prognose.

    What a cut (korting) leaves of it is no longer what the letter awards.
    """
    return "het beschikbare bedrag na korting" if cut(overview, year) else _gross_noun(overview, year)


def _gross_noun(overview: Overview, year: int) -> str:
    return _GRANT_NOUNS.get(grant_status(overview, year), "het beschikbare bedrag")


def cut(overview: Overview, year: int) -> Fraction:
    """Return the share that staff take off a year's grant (korting), 0 to 1."""
    entry = overview.inputs.budget.get(year)
    return entry.cut if entry else Fraction(0)


def cut_share(overview: Overview, year: int) -> str:
    """Write a year's cut: 2,5%."""
    return traced.marked(f"korting.{year}", nl.percentage(cut(overview, year), whole=False))


def gross_grant(overview: Overview, year: int, basis: Basis) -> int | None:
    """Return a year's grant before any cut, in cents: what the letter awards; None when unknown."""
    entry = overview.inputs.budget.get(year)
    return budget.available({year: entry._replace(cut=Fraction(0))}, year, basis) if entry else None


def gross_text(overview: Overview, year: int, basis: Basis) -> str:
    """Write a year's grant before any cut; a rounded one that serves as exact keeps its own id."""
    typed = Basis.ROUNDED if year in fallback_years(overview) else basis
    return euro(f"toekenning-{typed}.{year}", gross_grant(overview, year, basis))


def grant_status(overview: Overview, year: int) -> str:
    """Return a year's grant status as staff typed it, in small letters; "" when there is none."""
    entry = overview.inputs.budget.get(year)
    return nl.fold(entry.status or "") if entry else ""


def status_text(overview: Overview, year: int) -> str:
    """Write a year's grant status, amounts in it marked."""
    return traced.quoted(f"status-{year}", grant_status(overview, year))


def grant(overview: Overview, year: int, basis: Basis) -> str:
    """Write a year's known grant: het toegekende bedrag van € 1.407.149; with a cut what it leaves."""
    status = grant_status(overview, year)
    remarks = [f"status: {status_text(overview, year)}"] if status and status not in _GRANT_NOUNS else []
    if year in fallback_years(overview) and basis is Basis.EXACT:
        remarks.append("afgerond; het exacte bedrag is nog niet bekend")
    elif basis is Basis.ROUNDED:
        remarks.append("afgerond")
    noun = grant_noun(overview, year)
    amount = euro(f"beschikbaar-{basis}.{year}", overview.available[basis][year])
    if cut(overview, year):
        whole = f"{_gross_noun(overview, year)} van {gross_text(overview, year, basis)}"
        remarks = [amount, f"korting van {cut_share(overview, year)} op {whole}", *remarks]
        return f"{noun} ({'; '.join(remarks)})"
    return f"{noun} van {amount} ({'; '.join(remarks)})" if remarks else f"{noun} van {amount}"


def fallback_years(overview: Overview) -> tuple[int, ...]:
    """Return the years whose exact grant is not known, so that the rounded one serves."""
    return budget.rounded_instead(overview.inputs.budget, overview.years)


# Planned cost against the grant


def has_estimate(overview: Overview, year: int) -> bool:
    """Tell whether any plan line states an amount for the year."""
    return any(overview.cube.has_estimate(year, kind) for kind in Kind)


def year_sentence(overview: Overview, year: int, basis: Basis) -> str:
    """Say how a year's planned cost relates to its grant: boven, onder, gelijk or unknown."""
    planned = planned_text(overview, year)
    room = overview.room[basis][year]
    if not has_estimate(overview, year):
        return _without_estimate(overview, year, basis)
    if room is None:
        kind = "afgerond" if overview.available[Basis.EXACT][year] is not None else "beschikbaar"
        return (
            f"Voor {year} is nog geen {kind} bedrag bekend; "
            f"of de gevraagde lasten van {planned} daarin passen, is niet te zeggen."
        )
    if room == 0:
        return f"De gevraagde lasten voor {year} zijn precies gelijk aan {grant(overview, year, basis)}."
    side = "onder" if room > 0 else "boven"
    return (
        f"De gevraagde lasten voor {year} ({planned}) liggen {_size(f'ruimte-{basis}.{year}', room)} {side} "
        f"{grant(overview, year, basis)}."
    )


def planned_text(overview: Overview, year: int) -> str:
    """Write a year's planned cost."""
    return euro(f"lasten-jaartotaal.{year}", overview.planned[year])


def _size(figure_id: str, cents: int) -> str:
    """Write the size of an amount whose sign the words tell."""
    return euro(f"{OPPOSITE if cents < 0 else ''}{figure_id}", abs(cents))


def _without_estimate(overview: Overview, year: int, basis: Basis) -> str:
    if overview.available[basis][year] is None:
        return f"Voor {year} is nog geen raming opgenomen en nog geen beschikbaar bedrag bekend."
    return f"Voor {year} is nog geen raming opgenomen; daar staat {grant(overview, year, basis)} tegenover."


def split_sentence(overview: Overview, year: int, basis: Basis) -> str | None:
    """Say whether a shortage sits in the incidental or the structural cost; None without shortage."""
    room, available = overview.room[basis][year], overview.available[basis][year]
    structural = overview.by_kind[Kind.STRUCTURAL][year]
    incidental = overview.by_kind[Kind.INCIDENTAL][year]
    if room is None or available is None or room >= 0 or structural is None:
        return None
    structural_text = euro(f"lasten-structureel.{year}", structural)
    left_id = f"ruimte-structureel-{basis}.{year}"
    if structural > available:
        return (
            f"De structurele lasten van {year} ({structural_text}) liggen op zichzelf al "
            f"{_size(left_id, available - structural)} boven {grant(overview, year, basis)}."
        )
    if not incidental:
        return None
    left = available - structural
    relation = f"{_size(left_id, left)} onder" if left else "precies op"
    incidental_text = euro(f"lasten-incidenteel.{year}", incidental)
    return (
        f"De overschrijding in {year} zit in de incidentele lasten van {incidental_text}: "
        f"de structurele lasten ({structural_text}) liggen {relation} {grant(overview, year, basis)}."
    )


def room_sentence(overview: Overview, basis: Basis) -> str | None:
    """Say in one breath which years have room and how much; None when no year has."""
    room = roomy_years(overview, basis)
    if not room:
        return None
    nouns = {grant_noun(overview, year) for year in room}
    lowered = [year for year in room if cut(overview, year)]
    mixed = f"het beschikbare bedrag{f' (in {listed(lowered)} na korting)' if lowered else ''}"
    within = nouns.pop() if len(nouns) == 1 else mixed
    amounts = by_year({year: euro(f"ruimte-{basis}.{year}", cents) for year, cents in room.items()})
    return (
        f"In {listed(room)} passen de gevraagde lasten binnen {within}. "
        f"De begrotingsruimte is {amounts}; die ruimte is nog niet bestemd."
    )


def roomy_years(overview: Overview, basis: Basis) -> dict[int, int]:
    """Return the room, in cents, of the years that have an estimate and room left."""
    return {
        year: room
        for year, room in overview.room[basis].items()
        if room is not None and room > 0 and has_estimate(overview, year)
    }


def cumulative_sentence(overview: Overview, basis: Basis) -> str | None:
    """Say what the room adds up to over the plan; None when a year's grant is not known."""
    last = overview.years[-1]
    total = overview.cumulative[basis][last]
    if total is None or len(overview.years) == 1:
        return None
    size = _size(f"cumulatief-{basis}.{last}", total)
    outcome = f"een {'tekort' if total < 0 else 'overschot'} van {size}" if total else "nihil"
    return (
        f"Opgeteld over {period(overview.years)} is het saldo {outcome}. Dat is alleen indicatief: "
        "of een saldo naar een volgend jaar mag worden meegenomen, staat niet vast."
    )


# Staff who start during the year


def intake_variants(overview: Overview) -> tuple[IntakeVariant, ...]:
    """Return the intake variants that differ, per start month nobody in house first."""
    differing = {(variant.start, variant.in_house): variant for variant in overview.intake}
    return tuple(sorted(differing.values(), key=lambda variant: (variant.start, variant.in_house)))


def rounded_to_euros(overview: Overview) -> bool:
    """Tell whether any part-year figure holds a fraction of a euro."""
    return any(variant.planned % 100 for variant in overview.intake)


def intake_sentence(overview: Overview, start: tuple[int, int], basis: Basis) -> str:
    """Say what remains of the grant when all structural staff start on the first of a month.

    Amounts in whole euros.
    """
    year = start[0]
    if not budget.structural_staff_costs(overview.inputs.plan, year):
        return (
            f"Voor {year} is geen structurele formatie geraamd: "
            "het moment van instroom maakt voor de lasten geen verschil."
        )
    nobody, *others = (variant for variant in intake_variants(overview) if variant.start == start)
    clauses = [f"Bij instroom van alle formatie per 1 {nl.month(*start)} {_outcome(nobody, basis)}"]
    clauses += [
        f"is {in_house_text(variant)} het hele jaar in dienst, dan {_compared(variant, nobody, basis)}"
        for variant in others
    ]
    return "; ".join(clauses) + "."


def in_house_text(variant: IntakeVariant) -> str:
    """Write how many fte a variant has in service all year."""
    return traced.marked(f"instroom-in-dienst.{variant.year}", f"{nl.fte(variant.in_house)} fte")


def phased_sentence(overview: Overview, year: int, basis: Basis) -> str | None:
    """Say what a year costs with the start month of each line; None where that changes nothing.

    Amounts in whole euros.
    """
    phased, sheet = overview.phased[year], tables.INPUT_TABLES["intake"].sheet
    if phased is None or phased == overview.planned[year]:
        return None
    room = overview.phased_room[basis][year]
    outcome = ""
    if room is not None:
        size = _whole(f"ruimte-deeljaar-{basis}.{year}", room)
        left = f"resteert {size}" if room > 0 else f"is er een tekort van {size}"
        outcome = f"; dan {left if room else 'gaat het beschikbare bedrag precies op'}"
    return (
        f"Met de startmaand per regel (blad {sheet}) komen de lasten van {year} op "
        f"{euro(f'deeljaar-jaartotaal.{year}', phased, 0)} "
        f"in plaats van {euro(f'lasten-jaartotaal.{year}', overview.planned[year], 0)}{outcome}."
    )


def _outcome(variant: IntakeVariant, basis: Basis) -> str:
    room = variant.room[basis]
    if room is None:
        return f"bedragen de lasten {_variant_planned(variant)}"
    if room == 0:
        return "gaat het beschikbare bedrag precies op"
    size = _variant_room(variant, basis)
    return f"resteert {size}" if room > 0 else f"is er een tekort van {size}"


def _variant_planned(variant: IntakeVariant) -> str:
    return euro(f"{intake_label(variant)}.lasten", variant.planned, 0)


def _variant_room(variant: IntakeVariant, basis: Basis) -> str:
    return _whole(f"{intake_label(variant)}.ruimte {basis}", variant.room[basis] or 0)


def _compared(variant: IntakeVariant, other: IntakeVariant, basis: Basis) -> str:
    room, before = variant.room[basis], other.room[basis]
    if variant.planned == other.planned:
        return "maakt dat geen verschil"
    if room is None or before is None:
        return f"bedragen ze {_variant_planned(variant)}"
    if room < before < 0:
        return f"loopt het tekort op tot {_variant_room(variant, basis)}"
    return _outcome(variant, basis)


def _whole(figure_id: str, amount: Fraction | int) -> str:
    """Write the size of an amount in whole euros; what rounds to nothing is still something."""
    size, sign = abs(Fraction(amount)), OPPOSITE if amount < 0 else ""
    text = nl.euro(size, 0) if size >= 50 else f"minder dan €{nl.NBSP}1"
    return traced.marked(f"{sign}{figure_id}", text)


def break_even_sentence(overview: Overview, basis: Basis, year: int) -> str | None:
    """Say how many months of staff the grant of a year pays for; None when not known."""
    found = {one.year: one.months for one in overview.break_even[basis]}
    if year not in found:
        return None
    months = found[year]
    if months >= MONTHS_PER_YEAR:
        return f"Ook met alle formatie het hele jaar in dienst passen de lasten van {year} in het budget."
    if months <= 0:
        return f"Ook zonder enige instroom in {year} zijn de lasten van dat jaar niet lager dan het budget."
    other = next(one for one in Basis if one is not basis)
    others = {one.year: one.months for one in overview.break_even[other]}
    aside = ""
    if year in others and others[year] != months:
        paid = _paid_months(f"kantelpunt-{other}.{year}", others[year])
        aside = f" (gerekend met het {_adjective(other)} bedrag{paid})"
    return (
        f"Het kantelpunt voor {year} ligt bij ongeveer {_months(f'kantelpunt-{basis}.{year}', months)} "
        f"in dienst{aside}, "
        "als alle formatie tegelijk begint."
    )


def _paid_months(figure_id: str, months: Fraction) -> str:
    """Continue "gerekend met dit bedrag" with the months it pays for."""
    if months >= MONTHS_PER_YEAR:
        return " past het hele jaar"
    if months <= 0:
        return " past het ook zonder formatie niet" if months else " past het alleen zonder formatie"
    return f": {_months(figure_id, months)}"


def _adjective(basis: Basis) -> str:
    return "exacte" if basis is Basis.EXACT else "afgeronde"


def _months(figure_id: str, value: Fraction) -> str:
    return traced.marked(figure_id, months(value))

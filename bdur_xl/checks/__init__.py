"""The checks on a plan: one function each, a finding names line, year, euros and remedy.

Codes C01 to C34 are those of the list of checks that came with the memo; codes N.. are ours.
docs/CONTROLES.md is made from `CHECKS`.
"""

from collections.abc import Iterator
from functools import partial

from bdur_xl.checks.both_tables import (
    departments_differ,
    departments_within_plan,
    extent_of_hire,
    external_hire_rate,
    incidental_amounts,
    later_staff_cost_by_norm,
    line_names,
    line_under_other_theme,
    staff_cost_by_norm,
    structural_resources,
    theme_names,
)
from bdur_xl.checks.check import Check, Outcome
from bdur_xl.checks.explained import Explanations, idle_explanations
from bdur_xl.checks.goals import (
    areas_without_line,
    frame_names,
    goals_without_line,
    lines_without_area,
    objectives_without_area,
    unknown_objectives,
)
from bdur_xl.checks.grant import (
    added_goal_missing,
    carry_over_unknown,
    grant_not_awarded,
    grant_unknown,
    indexation_unknown,
    over_budget,
    reserve_missing,
    share_of_national,
    two_amounts_available,
)
from bdur_xl.checks.intake import (
    intake_beyond_line,
    intake_month_outside,
    later_start,
    new_staff_for_a_whole_year,
    staff_in_house,
)
from bdur_xl.checks.plan import (
    doubled_lines,
    incidental_not_estimated,
    later_incidental,
    lines_without_amount,
    lines_without_department,
    split_assumed,
)
from bdur_xl.checks.privacy import persons_named
from bdur_xl.checks.totals import capacity_totals, plan_totals, total_of_both_kinds
from bdur_xl.model import Finding, Inputs, Status

__all__ = ["CHECKS", "EXPLANATION_CHECK", "INPUT_CHECK", "Check", "Outcome", "each_outcome", "run_checks"]

FAILED, DEVIATION, SIGNAL, QUESTION = Status.FAILED, Status.DEVIATION, Status.SIGNAL, Status.QUESTION

_ON_THE_PLAN = (
    Check(
        "C01", "Tabel 2: regels tellen op tot het gedrukte totaal", FAILED, plan_totals,
        "De som van de planregels per jaar, naast de controletotalen van Tabel 2. Een verschil wordt herleid "
        "tot de regel die het veroorzaakt: dubbel, verschoven, verwisseld, of anders dan in Tabel 1 of een "
        "ander jaar.",
    ),
    Check(
        "C03", "Tabel 1: regels tellen op tot het gedrukte totaal", FAILED, capacity_totals,
        "De som van elke kolom van Tabel 1, naast de controletotalen van Tabel 1; de oorzaak als bij C01.",
    ),
    Check(
        "C04", "Tabel 1 fte × norm = Tabel 2 fte structureel", FAILED, staff_cost_by_norm,
        "Per regel van Tabel 1: de structurele fte maal het normbedrag, naast de lasten van zijn regels in "
        "Tabel 2, in de jaren die Tabel 1 noemt.",
    ),
    Check(
        "C25", "Elk RBP-doel van een aandachtsgebied staat in de lijst", FAILED, unknown_objectives,
        "De RBP-codes van de aandachtsgebieden, naast het blad Doelen. Een onbekende code op een blad is al "
        "bij het lezen een invoerfout.",
    ),
    Check(
        "C34", "Nergens staat een persoonsnaam", FAILED, persons_named,
        "Elke tekst van de invoer en de eigenschappen van het bestand, op aanspreekvormen, titels en "
        "voorletters met een achternaam, en e-mailadressen van personen. Een naam zonder zo'n kenmerk ziet "
        "de controle niet. De bevinding herhaalt de naam niet.",
    ),
    Check(
        "C05", "Fte × norm = Tabel 2, ook in de jaren na Tabel 1", DEVIATION, later_staff_cost_by_norm,
        "Als C04, in de jaren na de laatste die Tabel 1 noemt: structurele fte lopen door.",
    ),
    Check(
        "C06", "Middelen structureel: Tabel 1 = Tabel 2", DEVIATION, structural_resources,
        "Per regel van Tabel 1: de structurele middelen, naast die van zijn regels in Tabel 2, vanaf het "
        "eerste jaar dat Tabel 1 noemt.",
    ),
    Check(
        "N01", "Elk jaar heeft een beschikbaar bedrag", DEVIATION, grant_unknown,
        "Het blad Budget, voor elk jaar van het plan en op beide grondslagen.",
    ),
    Check(
        "N05", "Elke regel staat onder het hoofdthema van zijn groep", DEVIATION, line_under_other_theme,
        "Het hoofdthema van elke planregel, naast dat van de meeste regels die in Tabel 1 onder hetzelfde "
        "hoofdthema vallen.",
    ),
    Check(
        "N06", "Geen regel staat er twee keer", DEVIATION, doubled_lines,
        "Planregels met een andere code en verder hetzelfde hoofdthema, blok, subthema en bedragen.",
    ),
    Check(
        "N07", "Incidenteel: Tabel 1 = Tabel 2", DEVIATION, incidental_amounts,
        "Per regel van Tabel 1: de incidentele bedragen, naast die van zijn regels in Tabel 2.",
    ),
    Check(
        "C02", "Een gedrukt totaal zegt waarvan het het totaal is", SIGNAL, total_of_both_kinds,
        "Gedrukte totalen van een jaar dat in Tabel 2 is gesplitst en beide soorten lasten heeft.",
    ),
    Check(
        "C07", "Externe inhuur kost het normbedrag per fte", SIGNAL, external_hire_rate,
        "Regels van Tabel 1 met incidentele capaciteit in euro's én fte: het tarief per fte, naast het "
        "normbedrag en de andere regels.",
    ),
    Check(
        "C09", "Beschikbaar: afgerond en exact zijn gelijk", SIGNAL, two_amounts_available,
        "Het afgeronde en het exacte bedrag van elk jaar op het blad Budget.",
    ),
    Check(
        "C10", "Beschikbaar is toegekend", SIGNAL, grant_not_awarded,
        "Status en bron van het beschikbare bedrag, voor elk jaar van het plan.",
    ),
    Check(
        "C11", "Lasten passen in het beschikbare bedrag", SIGNAL, over_budget,
        "De lasten van elk heel jaar, naast het beschikbare bedrag op beide grondslagen.",
    ),
    Check(
        "C12", "Een tekort hangt niet af van de instroom", SIGNAL, later_start,
        "Voor een jaar met een tekort: de ruimte als alle structurele formatie in elk van de instroommaanden "
        "begint, en bij hoeveel maanden de ruimte nihil is.",
    ),
    Check(
        "C13", "Een tekort hangt niet af van wie al in dienst is", SIGNAL, staff_in_house,
        "Als C12, met de fte die op het blad Instroom al in dienst zijn voor het hele jaar.",
    ),
    Check(
        "C15", "Elk jaar is gesplitst in incidenteel en structureel", SIGNAL, split_assumed,
        "De jaarkolommen van het plan.",
    ),
    Check(
        "C16", "Ook na het eerste jaar is incidenteel geraamd", SIGNAL, incidental_not_estimated,
        "Kolommen voor incidentele lasten zonder enkel bedrag, na een jaar dat ze wel had.",
    ),
    Check(
        "C17", "Afdeling is gelijk in Tabel 1 en Tabel 2", SIGNAL, departments_differ,
        "De afdeling van elke regel van Tabel 1, naast die van zijn planregels met een bedrag.",
    ),
    Check(
        "C18", "Formatie en middelen van een onderwerp: één afdeling", SIGNAL, departments_within_plan,
        "De afdelingen van de planregels die bij dezelfde regel van Tabel 1 horen.",
    ),
    Check(
        "C19", "Elke regel met een bedrag heeft één afdeling", SIGNAL, lines_without_department,
        "Planregels met een bedrag waarvan de afdeling leeg is, of een schuine streep of vraagteken heeft.",
    ),
    Check(
        "C20", "Elke regel heeft een raming", SIGNAL, lines_without_amount,
        "Planregels zonder enkel bedrag: leeg is niet € 0.",
    ),
    Check(
        "C21", "Elk aandachtsgebied heeft een eigen planregel", SIGNAL, areas_without_line,
        "De koppeling van regels en aandachtsgebieden: gebieden zonder eigen regel, en gebieden die een "
        "regel delen.",
    ),
    Check(
        "C22", "Elke regel dient een aandachtsgebied", SIGNAL, lines_without_area,
        "Planregels met een bedrag die aan geen aandachtsgebied zijn gekoppeld, met hun bedrag per jaar.",
    ),
    Check(
        "C23", "Elk RCDV-doel heeft een eigen planregel", SIGNAL, goals_without_line,
        "De doelen van de BDuR zonder aandachtsgebied met een eigen regel, en wie ze draagt.",
    ),
    Check(
        "C24", "Elk RBP-doel is gekoppeld", SIGNAL, objectives_without_area,
        "Doelen van een regionaal beleidsplan die geen aandachtsgebied noemt.",
    ),
    Check(
        "C26", "Een beleidsplan heeft één naam", SIGNAL, frame_names,
        "De jaren in de kaders van de doelen en in hun bron: twee namen met hetzelfde begin- of eindjaar.",
    ),
    Check(
        "C27", "Een hoofdthema heet in beide tabellen gelijk", SIGNAL, theme_names,
        "De hoofdthema's van Tabel 1, naast die van de bijbehorende planregels.",
    ),
    Check(
        "C28", "Een regel heet in beide tabellen gelijk", SIGNAL, line_names,
        "Het thema van elke regel van Tabel 1, naast de subthema's van zijn planregels; hoofdletters, "
        "spaties en leestekens tellen niet.",
    ),
    Check(
        "C29", "Elke reservering heeft een bedrag", SIGNAL, reserve_missing,
        "De reserveringen op het blad Budget, naast de planregels die ze noemen.",
    ),
    Check(
        "C30", "Additionele doelen hebben een bedrag", SIGNAL, added_goal_missing,
        "De reserveringen voor doelen, naast de planregels die ze noemen.",
    ),
    Check(
        "C33", "Het aandeel in het landelijke bedrag blijft gelijk", SIGNAL, share_of_national,
        "Het beschikbare bedrag gedeeld door het landelijke bedrag op het blad Budget, per jaar.",
    ),
    Check(
        "N02", "Incidentele lasten alleen in het eerste jaar", SIGNAL, later_incidental,
        "Incidentele bedragen na het eerste jaar van het plan.",
    ),
    Check(
        "N03", "Fte al in dienst past in de regel", SIGNAL, intake_beyond_line,
        "De fte al in dienst maal het normbedrag, naast de lasten van de regel in het jaar van instroom.",
    ),
    Check(
        "N04", "Instroommaanden vallen in het plan", SIGNAL, intake_month_outside,
        "De instroommaanden bij de uitgangspunten, naast de jaren van het plan.",
    ),
    Check(
        "C08", "Een opmerking over inhuur zegt waarover zij gaat", QUESTION, extent_of_hire,
        "Planregels met een opmerking over inhuur en zowel incidentele als structurele bedragen, en wat het "
        "jaar daarop meer kost als ook de structurele formatie wordt ingehuurd.",
    ),
    Check(
        "C14", "Nieuwe formatie is begroot vanaf haar startmaand", QUESTION, new_staff_for_a_whole_year,
        "Structurele fte die er in een later jaar bijkomen en het hele jaar zijn begroot.",
    ),
    Check(
        "C31", "Vast staat of er wordt geïndexeerd", QUESTION, indexation_unknown,
        "Het uitgangspunt indexering.",
    ),
    Check(
        "C32", "Vast staat of een saldo meegaat", QUESTION, carry_over_unknown,
        "Het uitgangspunt overdracht saldo.",
    ),
)  # fmt: skip
"""What must hold first, then by gravity."""

INPUT_CHECK = Check(
    "INVOER", "Elke cel is leesbaar, elke code bekend, elke regel uniek", Status.FAULT, lambda _: iter(()),
    "Elke cel van de invoer. Zolang er één niet zeker te lezen is, geeft geen opdracht cijfers.",
)  # fmt: skip
"""What parsing checks; its findings come from `parse_inputs`."""

EXPLANATION_CHECK = Check(
    "N08", "Elke toelichting hoort bij een bevinding", SIGNAL, lambda _: iter(()),
    "Het blad Toelichtingen, naast wat de andere controles nu vinden.",
)  # fmt: skip
"""What is explained; its findings come from `each_outcome`."""

CHECKS = (*_ON_THE_PLAN, EXPLANATION_CHECK)


def run_checks(inputs: Inputs) -> tuple[Outcome, ...]:
    """Return what every check finds, all at once: see `each_outcome`."""
    return tuple(each_outcome(inputs))


def each_outcome(inputs: Inputs) -> Iterator[Outcome]:
    """Run every check, must-hold checks first, and mark what staff have explained.

    One by one: of a large plan the findings of one check are many. Never raises for a check that
    cannot run: that one is FAILED, whatever its class.
    """
    explanations = Explanations(inputs.explanations)
    for check in _ON_THE_PLAN:
        yield explanations.marked(check.outcome(partial(check.findings, inputs)))
    yield EXPLANATION_CHECK.outcome(
        lambda: (
            Finding(EXPLANATION_CHECK.code, EXPLANATION_CHECK.status, *seen)
            for seen in idle_explanations(explanations)
        )
    )

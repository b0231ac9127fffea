"""What a check is, and how its findings name places and figures."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count, groupby
from typing import NamedTuple

from bdur_xl import nl, tables
from bdur_xl.model import CapacityLine, Finding, Inputs, Status, open_ones
from bdur_xl.terms import Kind

Observation = tuple[str, str, str]
"""Where, what, and what to do."""


class Check(NamedTuple):
    """One check: its code and name, how grave a finding is, how it looks."""

    code: str
    name: str
    status: Status
    look: Callable[[Inputs], Iterator[Observation]]
    looks_at: str = ""
    """What it holds against what, in Dutch, for people."""

    def findings(self, inputs: Inputs) -> list[Finding]:
        """Return what the check finds; nothing means it holds."""
        return [Finding(self.code, self.status, *seen) for seen in self.look(inputs)]

    def outcome(self, look: Callable[[], Iterable[Finding]]) -> "Outcome":
        """Return what looking finds. A check of any class that cannot run counts as one that fails."""
        try:
            return Outcome(self, tuple(look()))
        except Exception as error:
            from bdur_xl import error_log

            told = error_log.told(f"controle {self.code}", error)
            message = "deze controle kon niet worden uitgevoerd en geldt daarom als niet kloppend"
            remedy = f"Meld deze fout in bdur_xl aan de beheerder ({told})."
            seen = f"Controle {self.code}", message, remedy
            return Outcome(self, (Finding(self.code, Status.FAILED, *seen),))


class Outcome(NamedTuple):
    """A check and what it found."""

    check: Check
    findings: tuple[Finding, ...]
    more: int = 0
    """Open findings beyond those, as grave: counted, not held. None unless `shortened`."""

    @property
    def total(self) -> int:
        """How many findings there are."""
        return len(self.findings) + self.more

    def shortened(self, most: int) -> "Outcome":
        """Return the outcome without the open findings beyond the first so many; they are only counted.

        What must hold keeps all of them: each is a reason to refuse the plan.
        """
        if len(self.findings) <= most or self.check.status in (Status.FAULT, Status.FAILED):
            return self
        number = count()
        findings = tuple(one for one in self.findings if one.explained or next(number) < most)
        return Outcome(self.check, findings, len(self.findings) - len(findings))

    @property
    def gravest(self) -> Status:
        """How grave the gravest open finding is; the class of the check when there is none."""
        found = [finding.status for finding in open_ones(self.findings)]
        return min(found, key=list(Status).index, default=self.check.status)


def sheet_of(table: str) -> str:
    """Return how a finding names an input table: blad Budget, controletotalen."""
    placed = tables.INPUT_TABLES[table]
    return f"blad {placed.sheet}, {placed.csv.partition('.')[0].partition('_')[0]}"


def capacity_name(line: CapacityLine) -> str:
    """Return how a finding names a line of Tabel 1: its code and subject."""
    return f"{line.line_id} {line.subject or ''}".strip()


def split_known(inputs: Inputs, year: int) -> bool:
    """Tell whether every amount of a year counts as incidental or structural."""
    plan = inputs.plan
    return all(plan.kind_of(column) is not Kind.UNSPLIT for column in plan.columns if column.year == year)


def per_year(amounts: Mapping[int, int]) -> str:
    """Write amounts per year, equal years together: 2030: € 5 en 2031–2033: € 7."""
    apart = {year: year - place for place, year in enumerate(amounts)}  # the same for years in a row
    runs = [
        [year for year, _ in run]
        for _, run in groupby(amounts.items(), key=lambda one: (one[1], apart[one[0]]))
    ]
    return nl.listing(f"{_span(years)}: {nl.euro(amounts[years[0]])}" for years in runs)


def _span(years: list[int]) -> str:
    return str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"


def letters(text: str | None) -> str:
    """Return only the letters and digits of a name: spaces, points and hyphens do not count."""
    return "".join(filter(str.isalnum, nl.fold(text or "")))

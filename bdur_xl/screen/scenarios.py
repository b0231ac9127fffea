"""The scenarios side by side."""

from collections.abc import Callable, Mapping, Sequence

from bdur_xl.model import Inputs
from bdur_xl.scenarios import ScenarioFigures, described
from bdur_xl.screen.paper import Figure, Paper, Years, show_by_year, title
from bdur_xl.terms import Basis

_MEASURES: Mapping[str, Callable[[ScenarioFigures], Mapping[Basis, Mapping[int, Figure]]]] = {
    "Beschikbaar, {basis}": lambda one: one.available,
    "Begrotingsruimte, {basis} (nog niet bestemd)": lambda one: one.room,
    "Ruimte cumulatief, {basis} (indicatief)": lambda one: one.cumulative,
    "Verschil in ruimte met basis, {basis}": lambda one: one.difference,
}


def show_scenarios(
    out: Paper, inputs: Inputs, found: Sequence[ScenarioFigures], bases: Sequence[Basis]
) -> None:
    """Print what every scenario makes of cost, grant and room, and how it differs from basis."""
    years = inputs.plan.years
    out.say((title(inputs), "bold"))
    out.say()
    for one in found:
        out.say((one.scenario.name, "bold"), f": {described(one.scenario)}.")
    out.say()
    show_by_year(out, years, "Lasten per scenario", [Years(one.scenario.name, one.planned) for one in found])
    for basis in bases:
        for measure, figures in _MEASURES.items():
            rows = [Years(one.scenario.name, figures(one)[basis]) for one in found]
            show_by_year(out, years, measure.format(basis=basis), rows)

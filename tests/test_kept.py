"""What is kept of a function: its latest answers, and only for the very same things."""

import gc
import weakref

import pytest
from sheets import raw, small

from bdur_xl.checks import run_checks
from bdur_xl.kept import Latest, forget, kept, kept_with, latest
from bdur_xl.overview import overview
from bdur_xl.parse import parse_inputs
from bdur_xl.plan_columns import ColumnLines
from bdur_xl.rows import Codes


def test_the_same_object_is_worked_out_once() -> None:
    work, plan, links = kept(list[object]), [1], (2,)
    assert work(plan) is work(plan)
    assert work(links) is not work(plan)


def test_what_is_equal_is_not_the_same() -> None:
    """1, 1.0 and True are equal; so are two lists, of which one may be changed later."""
    work = kept(lambda given: type(given))
    assert [work(one) for one in (1, 1.0, True, 1)] == [int, float, bool, int]
    lengths = kept(len)
    first, second = [1], [1]
    assert lengths(first) == lengths(second) == 1
    second.append(2)
    assert lengths([1, 2]) == 2


def test_an_answer_of_nothing_is_an_answer() -> None:
    asked: list[object] = []
    work = kept(asked.append)
    thing = object()
    assert work(thing) is None
    assert work(thing) is None
    assert asked == [thing]


def test_only_the_latest_are_kept() -> None:
    asked: list[object] = []
    work = latest(2)(asked.append)
    first, second, third = object(), object(), object()
    for one in (first, second, first, third, first, second):
        work(one)
    assert asked == [first, second, third, second], "the first was asked again before the third"


def test_arguments_left_out_are_not_those_of_another_call() -> None:
    def work(first: object, second: object = None) -> tuple[object, object]:
        return first, second

    keeping, thing = kept(work), object()
    assert keeping(thing) == (thing, None)
    assert keeping(thing, 9) == (thing, 9)
    with pytest.raises(TypeError, match="name no arguments"):
        keeping(thing, second=9)


def test_a_failure_is_not_an_answer() -> None:
    asked: list[object] = []

    def work(given: object) -> object:
        asked.append(given)
        raise KeyError

    failing, thing = kept(work), object()
    for _ in range(2):
        with pytest.raises(KeyError):
            failing(thing)
    assert asked == [thing, thing]


class Table:
    """What answers may be kept with."""


def test_what_is_kept_with_a_thing_goes_when_that_goes() -> None:
    class Answer:
        """What can be seen to go."""

    work = kept_with(lambda table, further: Answer())
    table, further = Table(), [1]
    answer = work(table, further)
    assert work(table, further) is answer
    assert work(table, [1]) is not answer, "equal, not the same"
    assert work(Table(), further) is not answer
    gone = weakref.ref(answer)
    del answer
    assert gone() is not None
    del table
    assert gone() is None, "without a collector of cycles"
    with pytest.raises(TypeError, match="name no arguments"):
        work(Table(), further=further)


def test_what_is_like_an_earlier_thing_is_that_thing() -> None:
    latest_ones = Latest[list[int]](2)
    one, two, three = [1], [2], [3]
    assert [latest_ones.recognised(each, list.__eq__) for each in (one, [1], two)] == [one, one, two]
    assert latest_ones.recognised([1], list.__eq__) is one
    assert latest_ones.recognised(three, list.__eq__) is three
    assert latest_ones.recognised(again := [1], list.__eq__) is again, "no longer among the latest"


class Thing:
    """What can be seen to go."""


def test_what_is_forgotten_is_worked_out_again_and_takes_no_memory() -> None:
    asked: list[int] = []
    work = kept(lambda given: asked.append(1))
    thing = Thing()
    work(thing)
    forget()
    work(thing)
    assert len(asked) == 2
    left = weakref.ref(thing)
    forget()
    del thing
    assert left() is None


def codes() -> list[Codes]:
    """Return the lists of codes that are alive."""
    return [one for one in gc.get_objects() if isinstance(one, Codes)]


@pytest.mark.parametrize("lacking", [(), ("links", "areas", "intake", "actuals", "explanations")])
def test_of_a_plan_that_was_read_and_checked_nothing_stays(lacking: tuple[str, ...]) -> None:
    """Every function that remembers or keeps does so where `forget` reaches it."""
    before = codes()
    book = {key: table for key, table in small().items() if key not in lacking}
    book["plan"] = [[float(cell) if type(cell) is int else cell for cell in row] for row in book["plan"]]
    inputs, found = parse_inputs(raw(book), ())
    run_checks(inputs)
    overview(inputs)
    assert found == []
    assert isinstance(inputs.plan.lines, ColumnLines)
    left = weakref.ref(inputs.plan.lines)
    del inputs
    gc.collect()
    assert left() is not None, "it is remembered"
    forget()
    gc.collect()
    assert left() is None
    assert not [one for one in codes() if one not in before]

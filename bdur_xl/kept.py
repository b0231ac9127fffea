"""What was worked out of the very same things is kept: a recalculation changes few of them.

What the core reads is never changed once read, nor is an answer of these functions. So one that looks
at nothing but what it is given says the same of the same objects. The same, not equal ones: 1, 1.0 and
True are equal.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

S = TypeVar("S")
T = TypeVar("T")
P = ParamSpec("P")

MOST = 3
"""Answers kept of one function: of the open workbook, of one it is compared with, and one to spare."""

Answers = dict[tuple[int, ...], tuple[object, T]]
"""Each with what it is an answer to: as long as that is held, nothing else has the same identity."""

_all: list[Any] = []
"""Every list of latest things and every dict of answers that does not go by itself."""


class Latest(list[T]):
    """The latest things of a kind that are worth keeping, the newest first; `forget` forgets them."""

    def __init__(self, most: int = MOST) -> None:
        super().__init__()
        self._most = most
        _all.append(self)

    def add(self, newest: T) -> None:
        """Keep one more, and no longer the oldest when there are too many."""
        del self[self._most - 1 :]
        self.insert(0, newest)

    def recognised(self, thing: T, alike: Callable[[T, T], bool]) -> T:
        """Return the earlier thing that is like this one, else the thing itself, kept from now on."""
        for earlier in self:
            if earlier is thing or alike(earlier, thing):
                return earlier
        self.add(thing)
        return thing


def forget() -> None:
    """Keep nothing any longer of what was read and worked out: for who is not asked about it again.

    What a recalculation would find again is nearly all of what a large plan takes in memory.
    """
    for latest_ones in _all:
        latest_ones.clear()


def kept(work: Callable[P, T]) -> Callable[P, T]:
    """Have a function, called by position, give its latest answers again when given the same objects."""
    return latest(MOST)(work)


def latest(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Do what `kept` does, for so many answers."""

    def keeping(work: Callable[P, T]) -> Callable[P, T]:
        answers: Answers[T] = {}
        _all.append(answers)

        @wraps(work)
        def known(*given: P.args, **named: P.kwargs) -> T:
            _refuse(work, named)
            return answer(answers, given, partial(work, *given), most)

        return known

    return keeping


def kept_with(work: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Do what `kept` does, but keep the answers with the first of what is given: they go when it goes.

    That must have a `__dict__`, as a class that adds a property to a named tuple does.
    """
    name = f"kept of {work.__qualname__}"

    @wraps(work)
    def known(first: S, /, *further: P.args, **named: P.kwargs) -> T:
        _refuse(work, named)
        answers: Answers[T] = vars(first).setdefault(name, {})
        return answer(answers, further, partial(work, first, *further))

    return known


def answer(answers: Answers[T], given: tuple[object, ...], work: Callable[[], T], most: int = MOST) -> T:
    """Return the answer to these very objects: one of the latest, or what the work gives."""
    ids = tuple(map(id, given))
    found = answers.pop(ids, None) or (given, work())
    answers[ids] = found  # the latest asked stands last
    for oldest in list(answers)[:-most]:
        answers.pop(oldest, None)  # another thread may have been first
    return found[1]


def _refuse(work: Callable[..., object], named: object) -> None:
    if named:
        raise TypeError(f"{work.__name__} keeps its answers: name no arguments, give them in order")

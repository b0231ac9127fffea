"""What was worked out of the very same things is kept: a recalculation changes few of them.

What the core reads is never changed once read, nor is an answer of these functions. So one that looks
at nothing but what it is given says the same of the same objects. The same, not equal ones: 1, 1.0 and
True are equal.
"""

from collections.abc import Callable
from functools import wraps
from operator import is_
from typing import Any, ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

MOST = 3
"""Answers kept of one function: of the open workbook, of one it is compared with, and one to spare."""

_all: list["Latest[Any]"] = []


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
        # Each with what it is of: nothing else is that then.
        answers = Latest[tuple[tuple[object, ...], T]](most)

        @wraps(work)
        def known(*given: P.args, **named: P.kwargs) -> T:
            if named:
                raise TypeError(f"{work.__name__} keeps its answers: name no arguments, give them in order")
            for earlier, answer in answers:
                if len(earlier) == len(given) and all(map(is_, earlier, given)):
                    return answer
            answer = work(*given, **named)
            answers.add((given, answer))
            return answer

        return known

    return keeping

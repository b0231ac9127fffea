"""What was worked out of the very same things is kept: a recalculation changes few of them.

What the core reads is never changed once read, nor is an answer of these functions. So one that looks
at nothing but what it is given says the same of the same objects. The same, not equal ones: 1, 1.0 and
True are equal.
"""

from collections.abc import Callable
from functools import wraps
from operator import is_
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

MOST = 3
"""Answers kept of one function: of the open workbook, of one it is compared with, and one to spare."""


def kept(work: Callable[P, T]) -> Callable[P, T]:
    """Have a function, called by position, give its latest answers again when given the same objects."""
    return latest(MOST)(work)


def latest(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Do what `kept` does, for so many answers."""

    def keeping(work: Callable[P, T]) -> Callable[P, T]:
        answers: list[tuple[tuple[object, ...], T]] = []  # with what they are of: nothing else is that then

        @wraps(work)
        def known(*given: P.args, **named: P.kwargs) -> T:
            if named:
                raise TypeError(f"{work.__name__} keeps its answers: name no arguments, give them in order")
            for earlier, answer in answers:
                if len(earlier) == len(given) and all(map(is_, earlier, given)):
                    return answer
            answer = work(*given, **named)
            del answers[most - 1 :]
            answers.insert(0, (given, answer))
            return answer

        return known

    return keeping

"""What a command prints for a program is JSON as Python's own library writes it, however it comes."""

import contextlib
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bdur_xl import cells
from bdur_xl.commands import shared
from bdur_xl.terms import Basis

plain = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.just(Basis.EXACT)
)
values = st.recursive(
    plain,
    lambda held: st.lists(held, max_size=4) | st.dictionaries(st.text(), held, max_size=4),
    max_leaves=12,
)


def printed(value: object) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        shared.print_json(value)
    return out.getvalue()


def one_by_one(value: Any) -> Any:
    """Return the value with every list as an iterator."""
    if isinstance(value, dict):
        return {key: one_by_one(one) for key, one in value.items()}
    return map(one_by_one, value) if isinstance(value, list) else value


@pytest.mark.parametrize("pieces", [1, 20_000])
@given(value=values)
def test_an_answer_is_printed_as_it_would_be_at_once(pieces: int, value: object) -> None:
    expected = cells.printable(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shared, "MOST_PIECES", pieces)
        assert printed(value) == expected
        assert printed(one_by_one(value)) == expected

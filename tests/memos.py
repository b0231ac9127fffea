"""Memos on disk."""

from pathlib import Path

from bdur_xl.files.memo_docx import memo_bytes
from bdur_xl.files.memo_template import template
from bdur_xl.memo import MemoFacts


def write_memo(facts: MemoFacts, path: Path) -> tuple[str, ...]:
    """Write a memo by our own template; return the blocks that it has no field for."""
    content, left_out = memo_bytes(facts, template())
    path.write_bytes(content)
    return left_out

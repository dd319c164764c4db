"""How long drafts take: every open paragraph of the corpus, the first one with the tagger still to be loaded."""

from __future__ import annotations

import statistics
import time

from quizapp.core.generation import generate
from tests.generation.passages import passages


def generation_rows() -> list[list[str]]:
    """Return the table: which texts, how many words and drafts, seconds of this process."""
    open_ones = passages("open")
    longest = " ".join(passage.text for passage in open_ones[:12])
    rows = [["generation", "words", "drafts", "seconds"], _row("the first, with the tagger", open_ones[0].text)]
    each = [_row(passage.name, passage.text) for passage in open_ones]
    seconds = [float(row[3]) for row in each]
    rows.append(["median of a paragraph", "", "", f"{statistics.median(seconds):.3f}"])
    rows.append(max(each, key=lambda row: float(row[3])))
    rows.append(_row("12 paragraphs as one", longest))
    return rows


def _row(name: str, text: str) -> list[str]:
    started = time.process_time()
    drafts = generate(text).drafts
    return [name, str(len(text.split())), str(len(drafts)), f"{time.process_time() - started:.3f}"]

"""Formulas in an author's Markdown: read, told from sums of money, never markup that the author wrote."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.formatting import LONGEST_FORMULA, MATHS, line, mathml, unreadable_formulas

BROKEN = [
    r"\frac{1}", r"\sqrt{", "{", "^", "_", "x_1_2", r"\left(", r"\begin{matrix}",
    r"\nosuchcommand", r"\frac{\nosuchcommand}{2}", "{" * 60 + "x" + "}" * 60, "^" * 900, " ",
    "x" * (LONGEST_FORMULA + 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("x^2", "<msup><mi>x</mi><mn>2</mn></msup>"),
        (r"\frac{1}{2}", "<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>"),
        ("a<b", "<mo>&lt;</mo>"),
        (r"\text{if } x", "<mtext>if\N{NO-BREAK SPACE}</mtext>"),
        (r"x \quad y", '<mspace width="1em"></mspace>'),
        (r"\begin{pmatrix}a&b\\c&d\end{pmatrix}", "<mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr>"),
        (r"\sqrt[3]{8} = 2", "<mroot>"),
        ("30^\\circ", "∘"),
    ],
)
def test_a_formula_becomes_mathml_that_says_its_source(source: str, says: str) -> None:
    found = mathml(source) or ""
    assert says in found
    assert found.startswith("<math ")
    assert "alttext=" in found


@pytest.mark.parametrize("source", BROKEN)
def test_a_formula_that_cannot_be_read_is_none(source: str) -> None:
    assert mathml(source) is None


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"\text{<script>alert(1)</script>}", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        (r"\text{<img src=x onerror=alert(1)>}", "&lt;img"),
        (r"\text{</mtext></math><script>alert(1)</script>}", "&lt;/mtext&gt;&lt;/math&gt;&lt;script&gt;"),
        (r"\text{<!--}", "&lt;!--"),
        (r"\text{<![CDATA[<script>]]>}", "&lt;![CDATA[&lt;script&gt;"),
        (r"\text{&lt;script&gt;}", "&lt;script&gt;"),
        (r"\text{&#60;script&#62;}", "&lt;script&gt;"),
        (r"\text{this & that}", "&amp;"),
        (r"\mathrm{<b>}", "&lt;"),
    ],
)
def test_what_is_written_as_text_stays_text(source: str, text: str) -> None:
    found = (mathml(source) or "").replace("\N{NO-BREAK SPACE}", " ")
    assert text in re.sub('alttext="[^"]*"', "", found)
    assert set(re.findall(r"<(\w+)", found)) <= set(MATHS)


@pytest.mark.parametrize("source", [r"\href{javascript:alert(1)}{x}", r"\style{position:fixed}{x}",
                                    r"\class{a}{x}", r"\color{red}{x}", r"\hspace{999em}{x}"])  # fmt: skip
def test_a_formula_changes_nothing_but_itself(source: str) -> None:
    found = mathml(source) or ""
    assert "<mi>x</mi>" in found
    assert set(re.findall(r' ([a-z]+)="', found)) <= {"alttext", "display"}


@given(st.text(alphabet=st.sampled_from(r"\{}[]()^_&$%#'\"<>/ =+-abcxfrtql12") | st.characters(), max_size=60))
def test_no_text_breaks_the_reading_of_formulas(source: str) -> None:
    found = mathml(source)
    if found is not None:
        assert set(re.findall(r"<([\w:]+)", found)) <= set(MATHS)


@pytest.mark.parametrize("text", ["It costs $5 and $10.", "5$ or 10$", "$ x $", r"\$x\$", "`$x$`", "Cash: $", "$$"])
def test_sums_of_money_are_no_formulas(text: str) -> None:
    assert "<math" not in line(text)
    assert unreadable_formulas(text) == []


def test_a_formula_stands_in_the_line_or_on_its_own() -> None:
    assert re.fullmatch(r'So <math display="inline".*</math>, *<em>right</em>\.', line("So $x$, *right*."))
    assert '<span class="formula"><math display="block"' in line("So $$x$$")
    assert line("$$\nx\n$$").startswith('<span class="formula">')


def test_a_wide_formula_can_be_scrolled_with_the_keyboard() -> None:
    wide = line("$a + b + c + d + e + f + g + h + i + j + k$")
    assert wide.startswith('<span class="formula" role="group" aria-label="Formula" tabindex="0"><math')
    assert "tabindex" not in line(r"$\begin{pmatrix}a&b\\c&d\end{pmatrix}$")


def test_what_cannot_be_read_is_shown_as_it_was_written_and_named() -> None:
    assert line(r"Is $\frac{1}$ one?") == r"Is <code>$\frac{1}$</code> one?"
    assert line(r"$$\frac{<b>}$$") == r"<code>$$\frac{&lt;b&gt;}$$</code>"
    assert unreadable_formulas(r"$x$, $\frac{1}$ and $$\sqrt{$$") == [r"\frac{1}", r"\sqrt{"]


@pytest.mark.parametrize("text", ["$" * 4000, "$a " * 1300, "$a$" * 1300, "\\$" * 2000, "$a" + "$ $" * 1300])
def test_a_text_full_of_dollars_is_read(text: str) -> None:
    assert line(text)

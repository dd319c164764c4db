"""An author's Markdown: one line of it parsed, with formulas between dollar signs turned into MathML.

What comes out is markup that nobody has cleaned yet: whoever shows it does that last.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from itertools import accumulate
from typing import Any

from latex2mathml import exceptions
from latex2mathml.converter import convert_to_element
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

LONGEST_FORMULA = 1_000  # characters
_DEEPEST = 40  # braces within braces; the converter goes down with them
_LONG = 20  # signs; from here on a formula may be wider than a phone
# Elements of a formula, with the number of parts that each must have; 0: any.
MATHS = {
    "math": 0, "mrow": 0, "mi": 0, "mn": 0, "mo": 0, "mtext": 0, "mspace": 0, "mstyle": 0, "mpadded": 0,
    "mphantom": 0, "menclose": 0, "msqrt": 0, "mroot": 2, "mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2,
    "mover": 2, "munderover": 3, "mtable": 0, "mtr": 0, "mtd": 0,
}  # fmt: skip
MATHS_ATTRIBUTES = frozenset({
    "alttext", "display", "mathvariant", "stretchy", "fence", "form", "separator", "accent", "accentunder",
    "movablelimits", "largeop", "symmetric", "minsize", "maxsize", "lspace", "rspace", "width", "linethickness",
    "displaystyle", "scriptlevel",
})  # fmt: skip
_VALUE = re.compile(r"[a-z-]{1,20}|[-+]?\d?(\.\d{1,3})?(em|ex|px|pt|%)?")  # colours and lengths of a page are left out
_TAG = re.compile("<[^>]*>")
_COMMAND = re.compile(r"\s*\\[A-Za-z]")
# What the converter raises for what it can't read: errors of its own, and those of the code that stumbles over it.
_UNREADABLE: tuple[type[Exception], ...] = (
    *(error for error in vars(exceptions).values() if isinstance(error, type) and issubclass(error, Exception)),
    LookupError, ValueError, TypeError, AttributeError, RuntimeError, AssertionError,
    StopIteration,
)  # fmt: skip


def line(text: str) -> str:
    """Return Markdown as the markup of one line; a formula that can't be read is shown as its source."""
    rendered: str = _PARSER.renderInline(text)
    return rendered


def blocks(text: str) -> str:
    """Return Markdown as the markup of paragraphs, lists and tables."""
    rendered: str = _PARSER.render(text)
    return rendered


def unreadable_formulas(text: str) -> list[str]:
    """Return the formulas in Markdown that can't be read, as they are written without their dollar signs."""
    if "$" not in text:
        return []
    (paragraph,) = _PARSER.parseInline(text)
    sources = [token.content for token in paragraph.children or () if token.type.startswith("math_inline")]
    return [source for source in sources if mathml(source) is None]


@lru_cache(maxsize=4096)
def mathml(source: str, *, is_block: bool = False) -> str | None:
    """Return a formula in LaTeX as a `math` element, with its source for those who hear it; None: it can't be read."""
    if len(source) > LONGEST_FORMULA or not source.strip() or _depth(source) > _DEEPEST:
        return None
    try:
        root = convert_to_element(source, display="block" if is_block else "inline")
    except _UNREADABLE:
        return None
    if not all(map(_is_sound, root.iter())):
        return None
    return _written(root, f' alttext="{escape(source)}"')


def _depth(source: str) -> int:
    return max(accumulate((character == "{") - (character == "}") for character in source))


def _written(element: Any, more: str = "") -> str:
    """Return an element as markup. The converter's own writer escapes no text, so that `\\text{<b>}` is bold there."""
    kept = "".join(
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if name in MATHS_ATTRIBUTES and _VALUE.fullmatch(value)
    )
    inner = escape(unescape(element.text or ""), quote=False) + "".join(map(_written, element))
    return f"<{element.tag}{kept}{more}>{inner}</{element.tag}>" + escape(unescape(element.tail or ""), quote=False)


def _is_sound(element: Any) -> bool:
    parts = MATHS.get(element.tag)
    # A command that the converter does not know comes back as a name.
    return parts is not None and (not parts or len(element) == parts) and not _COMMAND.match(element.text or "")


def _formula(source: str, *, is_block: bool) -> str:
    found = mathml(source, is_block=is_block)
    if found is None:
        mark = "$$" if is_block else "$"
        return f"<code>{escape(mark + source + mark)}</code>"
    if len(_TAG.sub("", found)) > _LONG:
        # It scrolls where it is too wide, also by keyboard.
        return f'<span class="formula" role="group" aria-label="Formula" tabindex="0">{found}</span>'
    return f'<span class="formula">{found}</span>' if is_block else found


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    # Without space inside and digits outside, “$5 and $10” are sums of money.
    dollarmath_plugin(parser, allow_labels=False, allow_space=False, allow_digits=False, double_inline=True)
    for name, is_block in (("math_inline", False), ("math_inline_double", True), ("math_block", True)):
        parser.add_render_rule(name, _rule(is_block=is_block))
    return parser


def _rule(*, is_block: bool) -> Any:
    def render(_renderer: Any, tokens: Any, place: int, *_: Any) -> str:
        return _formula(tokens[place].content.strip(), is_block=is_block)

    return render


_PARSER = _parser()

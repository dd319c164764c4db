"""The keys of a person without a mouse; wherever the focus goes, it must be seen."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

MOST_TABS = 80  # that anybody should need on one page
NO_POINTER = """
for (const kind of ["pointerdown", "mousedown", "touchstart"])
  addEventListener(kind, () => console.error("a pointer was used in a story of keys"), true);
"""
_FOCUSED = r"""async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const label = element.labels?.[0];
  const copy = (label ?? element).cloneNode(true);
  for (const extra of copy.querySelectorAll("kbd, small, [aria-hidden=true]")) extra.remove();
  const target = label?.contains(element) ? label : element;
  const isRinged = [element, target].some((part) => {
    const style = getComputedStyle(part);
    return style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2;
  });
  const box = target.getClientRects()[0];
  const top = box && document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return {
    name: element.getAttribute("aria-label") ?? copy.textContent.replace(/\s+/g, " ").trim(),
    isRinged,
    isUncovered: Boolean(top && target.contains(top)),
    element: element.outerHTML.slice(0, 200),
  };
}"""


class Keys:
    """A keyboard before a page."""

    def __init__(self, page: Page) -> None:
        page.add_init_script(NO_POINTER)
        self.page = page

    def open(self, path: str) -> None:
        """Type an address into the browser."""
        self.page.goto(path)

    def press(self, key: str) -> None:
        """Press a key that stays on the page; what has the focus afterwards is seen."""
        self.page.keyboard.press(key)
        self.focused()

    def go(self, key: str = "Enter") -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type a text where the focus is."""
        self.page.keyboard.type(text)

    def tab_to(self, name: str) -> None:
        """Press Tab until the control with this name has the focus."""
        passed = [self.focused()]
        while passed[-1] != name:
            assert len(passed) < MOST_TABS, f"no Tab leads to {name!r}; on the way: {passed}"
            self.page.keyboard.press("Tab")
            passed.append(self.focused())

    def focused(self) -> str:
        """Return the name of what has the focus, after a look whether it can be seen; empty before the first."""
        found: dict[str, Any] | None = self.page.evaluate(_FOCUSED)
        if found is None:
            return ""
        assert found["isRinged"], f"the focus does not show on {found['element']}"
        assert found["isUncovered"], f"something covers {found['element']}"
        return str(found["name"])

    def place_of(self, text: str) -> int:
        """Return which of the answers offered says `text`, from 1."""
        offered = [words.strip() for words in self.page.locator("fieldset.options .text").all_inner_texts()]
        return offered.index(text) + 1

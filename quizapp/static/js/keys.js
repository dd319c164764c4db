// Keys: data-key="1", "Enter", "Space", "ArrowRight" or several with spaces between; "?" lists them.
// With Control (Command on a Mac) or Alt, as "Control+S", they work while somebody types too; with Alt they mean the
// control in the row that has the focus.
{
  const isOn = document.documentElement.dataset.keys !== "off";
  const map = document.getElementById("keymap");
  const typed = "input:not([type=radio], [type=checkbox], [type=submit], [type=button]), textarea, select, [contenteditable]";
  const pictures = { arrowright: "→", arrowleft: "←", arrowup: "↑", arrowdown: "↓", enter: "Enter", space: "Space", control: "Ctrl", alt: "Alt", shift: "Shift" };

  document.addEventListener("keydown", (event) => {
    if (!isOn || event.defaultPrevented || event.repeat || event.isComposing) return;
    const isChord = event.ctrlKey || event.altKey || event.metaKey;
    if (document.querySelector("dialog[open]") || (!isChord && event.target.closest?.(`${typed}, [data-typing]`))) return;
    if (event.key === "?" && !isChord) return openMap(event);
    const key = isChord ? chordOf(event) : plainKey(event);
    if (!isChord && isNative(event.target, key)) return;
    const control = controls().find((candidate) => keysOf(candidate).includes(key) && isNear(candidate, key, event.target));
    if (!control) return;
    event.preventDefault();
    use(control);
  });

  function plainKey(event) {
    return event.key === " " ? "space" : event.key.toLowerCase();
  }

  function chordOf(event) {
    const held = [(event.ctrlKey || event.metaKey) && "control", event.altKey && "alt", event.shiftKey && "shift"];
    return [...held.filter(Boolean), plainKey(event)].join("+");
  }

  function isNear(control, key, target) {
    return !key.startsWith("alt+") || Boolean(control.closest("li")?.contains(target));
  }

  const buttons = document.querySelectorAll("[data-keymap]");
  for (const button of buttons) {
    button.hidden = !isOn || controls().length === 0;
    button.addEventListener("click", openMap);
  }

  function isNative(target, key) {
    if (key === "enter") return Boolean(target.closest("a[href], button, summary"));
    if (key === "space") return Boolean(target.closest("button, summary, input"));
    return key.startsWith("arrow") && target.matches("[type=radio]");
  }

  function controls() {
    return [...document.querySelectorAll("[data-key]")].filter((control) => isAtHand(control) && !control.disabled);
  }

  // What a closed menu holds answers to its key all the same.
  function isAtHand(control) {
    return control.getClientRects().length || control.closest("details.menu:not([open])")?.getClientRects().length;
  }

  function keysOf(control) {
    return control.dataset.key.toLowerCase().split(" ");
  }

  function use(control) {
    if (control.matches(typed) || control.matches("[type=radio], [type=checkbox]")) control.focus();
    if (!control.matches(typed)) control.click();
  }

  function openMap(event) {
    event.preventDefault();
    const lines = new Map();
    for (const control of controls()) {
      const words = nameOf(control);
      const keys = keysOf(control).filter((key) => !key.startsWith("alt+") || !lines.get(words)?.includes(key));
      lines.set(words, [...(lines.get(words) ?? []), ...keys]);
    }
    lines.set("Show this list", ["?"]);
    map.querySelector("dl").replaceChildren(...[...lines].flatMap(([words, keys]) => line(words, keys)));
    map.showModal();
  }

  function nameOf(control) {
    if (control.dataset.keyLabel) return control.dataset.keyLabel;
    const copy = (control.labels?.[0] ?? control).cloneNode(true);
    for (const extra of copy.querySelectorAll("kbd, small")) extra.remove();
    return control.getAttribute("aria-label") ?? copy.textContent.trim();
  }

  function line(words, keys) {
    const term = document.createElement("dt");
    for (const key of keys) {
      for (const part of key.split("+")) {
        const cap = document.createElement("kbd");
        cap.textContent = pictures[part] ?? part.toUpperCase();
        term.append(cap, " ");
      }
    }
    const meaning = document.createElement("dd");
    meaning.textContent = words;
    return [term, meaning];
  }
}

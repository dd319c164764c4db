// Print and copy: buttons that only a script can serve; they are hidden without one.
{
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await copy(document.querySelector(button.dataset.copy));
      button.replaceChildren("Copied");
      button.setAttribute("aria-live", "polite");
    });
  }

  async function copy(source) {
    const text = source.value ?? source.textContent.trim();
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const range = document.createRange();
    range.selectNodeContents(source);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    source.select?.();
    document.execCommand("copy");
  }
}

// Advice: what the linter says of a question in the editor, asked for again whenever a field is left changed.
{
  const form = document.querySelector("form[data-advised]");
  let asked = 0;
  form?.addEventListener("change", ask);

  async function ask() {
    const turn = ++asked;
    const body = new FormData(form);
    body.set("do", "advise");
    body.delete("file");
    const response = await fetch(form.action, { method: "POST", body }).catch(() => null);
    if (turn !== asked || response?.status !== 200) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const place of document.querySelectorAll("[data-advice]")) show(place, page.getElementById(place.id));
    // What grew above it may have pushed the focused control under the bar at the bottom.
    if (form.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
  }

  function show(place, fresh) {
    if (fresh && place.textContent.trim() !== fresh.textContent.trim()) place.replaceChildren(...fresh.children);
  }
}

// Forms: sent once, guarded against leaving with changes, timed, told the browser's time zone and what is unfolded.
{
  let shownAt = 0;
  const fingerprint = (form) => new URLSearchParams(new FormData(form)).toString();
  const guarded = [...document.querySelectorAll("form[data-guard]")].map((form) => ({ form, before: fingerprint(form) }));
  // What came back refused or rearranged is not saved, although nothing was typed since.
  const isUnsaved = ({ form, before }) => form.dataset.guard === "unsaved" || form.querySelector("[data-errors]") || fingerprint(form) !== before;
  let sent = null;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    for (const input of form.querySelectorAll("[data-milliseconds]")) input.value = Math.round(performance.now() - shownAt);
    if (form.matches("[data-once]")) {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "yes";
      event.submitter?.setAttribute("aria-busy", "true");
    }
    sent = form;
  });

  addEventListener("beforeunload", (event) => {
    if (!guarded.some((guard) => guard.form !== sent && isUnsaved(guard))) return;
    event.preventDefault();
    setTimeout(stay); // runs only when somebody chose to stay
  });

  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    shownAt = performance.now();
    stay();
  });

  function stay() {
    sent = null;
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  }

  for (const box of document.querySelectorAll("details[data-kept]")) {
    box.addEventListener("toggle", () => {
      for (const input of document.querySelectorAll(`input[name="${box.dataset.kept}"]`)) input.value = box.open ? "1" : "";
    });
  }

  for (const input of document.querySelectorAll("[data-zone]")) input.value = Intl.DateTimeFormat().resolvedOptions().timeZone;

  const first = document.querySelector("[data-errors], [data-focus]");
  const hasMouse = matchMedia("(hover: hover) and (pointer: fine)").matches;
  if (first && !location.hash && (hasMouse || first.matches("[data-errors]"))) first.focus({ preventScroll: hasMouse && first.matches("[data-focus]") });
}

// Forms: sent once, guarded against leaving with changes, timed, and told the browser's time zone.
{
  let shownAt = 0;
  const fingerprint = (form) => new URLSearchParams(new FormData(form)).toString();
  const guarded = [...document.querySelectorAll("form[data-guard]")].map((form) => ({ form, before: fingerprint(form) }));
  let isLeavingAllowed = false;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    for (const input of form.querySelectorAll("[data-milliseconds]")) input.value = Math.round(performance.now() - shownAt);
    if (form.matches("[data-once]")) {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "yes";
      event.submitter?.setAttribute("aria-busy", "true");
    }
    isLeavingAllowed = true;
  });

  addEventListener("beforeunload", (event) => {
    if (isLeavingAllowed) return;
    if (guarded.some(({ form, before }) => fingerprint(form) !== before)) event.preventDefault();
  });

  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    shownAt = performance.now();
    isLeavingAllowed = false;
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
    for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  });

  for (const input of document.querySelectorAll("[data-zone]")) input.value = Intl.DateTimeFormat().resolvedOptions().timeZone;

  const first = document.querySelector("[data-errors], [data-focus]");
  const hasMouse = matchMedia("(hover: hover) and (pointer: fine)").matches;
  if (first && !location.hash && (hasMouse || first.matches("[data-errors]"))) first.focus({ preventScroll: hasMouse && first.matches("[data-focus]") });
}

// Autosave: what stands in the controls of a question, noted at once and sent soon; a line says how it stands.
{
  const form = document.querySelector("form[data-autosave]");
  if (form) watch(form);

  function watch(form) {
    const [SOON, LATER, LATEST] = [250, 1_000, 4_000]; // milliseconds after a choice, after a key, while keys go on
    const BESIDE = ["csrf_token", "milliseconds", "save_number", "base_revision", "working_revision"];
    const url = form.dataset.autosave;
    const key = journal.keyOf(url, form.elements.submission_id.value);
    const line = document.querySelector("[data-saved]");
    const box = document.querySelector("[data-overtaken]");
    let [number, timer, dirtySince, isLeaving, isKept] = [0, 0, 0, false, true];
    let [typed, standing, conflict] = [content(fields()), "", null];

    form.addEventListener("input", ({ target }) => changed(target.matches("[type=radio], [type=checkbox], select") ? SOON : LATER));
    form.addEventListener("change", () => changed(SOON));
    form.addEventListener("focusout", () => dirtySince && flush());
    document.addEventListener("visibilitychange", () => document.hidden && leave());
    addEventListener("pagehide", leave);
    addEventListener("beforeunload", (event) => !isKept && !isLeaving && journal.find(key) && event.preventDefault());
    addEventListener("pageshow", () => (isLeaving = false));
    document.addEventListener("submit", onSubmit, true);
    box.querySelector("[data-keep]").addEventListener("click", (event) => conflict && keepMine(event));
    box.querySelector("[data-take]").addEventListener("click", () => conflict && journal.drop(conflict.key));
    journal.listen(onResult);
    meetEarlierPages();
    if ([...form.elements].some(isTouched)) changed(SOON, true); // typed before this script was there

    function fields() {
      return [...new FormData(form)].filter(([name]) => !BESIDE.slice(0, 2).includes(name));
    }

    function content(fields) {
      return JSON.stringify(fields.filter(([name]) => ![...BESIDE, "submission_id"].includes(name)));
    }

    function changed(wait, isNew = content(fields()) !== typed) {
      if (isNew) note();
      if (!dirtySince) return;
      clearTimeout(timer);
      timer = setTimeout(flush, Math.max(0, Math.min(wait, dirtySince + LATEST - Date.now())));
    }

    function note() {
      number += 1;
      form.elements.save_number.value = number;
      typed = content(fields());
      dirtySince ||= Date.now();
      isKept = journal.put({ key, url, number, fields: fields(), at: Date.now() });
      if (standing !== "offline") stand("saving", "Saving …");
      else tellTrouble("offline");
    }

    function flush() {
      clearTimeout(timer);
      dirtySince = 0;
      return journal.drain();
    }

    function leave() {
      const entry = journal.find(key);
      if (entry && !isLeaving && !entry.isOvertaken) journal.deliver(entry, true);
    }

    async function onSubmit(event) {
      if (event.target !== form) return;
      if (standing === "offline") {
        // The browser's own page of errors would take this one's place: first see whether anybody is there.
        event.preventDefault();
        event.stopPropagation();
        await flush();
        if (standing !== "offline") form.requestSubmit(event.submitter);
        return;
      }
      clearTimeout(timer);
      isLeaving = true;
      form.elements.save_number.value = number += 1; // above whatever is still on its way
      if (event.submitter?.value === "skip") journal.drop(key);
    }

    function onResult(entry, result) {
      if (entry.key !== key && entry.url === url) return onEarlier(entry, result);
      if (["offline", "failed", "signed out", "stale"].includes(result.outcome)) return tellTrouble(result.outcome);
      if (entry.key !== key) return standing && !journal.entries().length && tellSaved(result);
      if (result.outcome === "saved" && !journal.find(key)) {
        conflict = null;
        box.hidden = true;
        tellSaved(result);
      } else if (result.outcome !== "saved") tellRefused(entry, result);
    }

    // Another page of this browser left something: it is sent first, and this page shows what became of it.
    function onEarlier(entry, result) {
      if (result.outcome === "overtaken") tellRefused(entry, result);
      else if (result.outcome === "saved" && content(entry.fields) !== content(fields()) && !journal.find(key)) location.reload();
    }

    function meetEarlierPages() {
      for (const entry of journal.entries().filter((entry) => entry.url === url && entry.key !== key)) {
        if (!box.hidden && content(entry.fields) === typed) journal.drop(entry.key); // the server has told of it
        else journal.put({ ...entry, isOvertaken: false });
      }
    }

    function keepMine(event) {
      event.preventDefault();
      const { base_revision: base, working_revision: working } = conflict.result;
      form.elements.base_revision.value = base;
      form.elements.working_revision.value = working;
      if (conflict.key === key) note();
      else {
        const entry = journal.find(conflict.key);
        const others = entry.fields.filter(([name]) => !BESIDE.includes(name));
        const seen = [["base_revision", base], ["working_revision", working], ["save_number", entry.number + 1]];
        journal.put({ ...entry, number: entry.number + 1, fields: [...others, ...seen], isOvertaken: false });
      }
      flush();
    }

    function tellSaved({ saved_at: at }) {
      stand("saved", `Saved ${at}`, "Saved");
    }

    function tellTrouble(outcome) {
      const waiting = journal.entries().filter(({ isOvertaken }) => !isOvertaken).length;
      const offline = `Offline, ${waiting} ${waiting === 1 ? "answer" : "answers"} waiting`;
      if (outcome === "offline") stand(outcome, offline, offline);
      if (outcome === "failed") stand(outcome, "Not saved yet, trying again", "Not saved yet, trying again");
      if (outcome === "signed out") stand(outcome, "Not saved:", "Not saved: sign in again", "sign in again");
      if (outcome === "stale") stand(outcome, "Not saved:", "Not saved: reload this page", "reload this page");
    }

    function tellRefused(entry, { outcome, message, ...result }) {
      const canChoose = outcome === "overtaken";
      conflict = { key: entry.key, result };
      box.querySelector("p").textContent = message ?? "This answer can’t be saved any more.";
      box.querySelector("[data-keep]").hidden = !canChoose;
      box.querySelector("[data-take]").textContent = canChoose ? "Take the other" : "Reload";
      box.hidden = false;
      stand(outcome, "Not saved", "");
    }

    function stand(state, shown, told = null, again = "") {
      const link = line.querySelector("[data-again]");
      line.querySelector("use").setAttribute("href", line.querySelector("use").getAttribute("href").replace(/#.*/, pictureOf(state)));
      line.querySelector("[data-shown]").textContent = shown;
      if (told !== null && line.querySelector("[data-told]").textContent !== told) line.querySelector("[data-told]").textContent = told;
      link.textContent = again;
      link.hidden = !again;
      line.classList.toggle("is-due", state !== "saved" && state !== "saving");
      standing = state;
    }
  }

  function pictureOf(state) {
    return { saved: "#i-saved", saving: "#i-clock" }[state] ?? "#i-warn";
  }

  function isTouched(control) {
    if (control.matches("select")) return [...control.options].some((option) => option.selected !== option.defaultSelected && option.value);
    if (control.matches("[type=radio], [type=checkbox]")) return control.checked !== control.defaultChecked;
    return control.matches("[type=text], textarea") && control.value !== control.defaultValue;
  }
}

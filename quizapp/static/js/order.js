// Order: rows move in place, by their buttons, by their keys, or drawn by hand; a status says where to.
// Entries to be ordered go with their form; the order of a stored list (data-order="sent") is sent at once.
{
  for (const field of document.querySelectorAll("[data-order]")) {
    const list = field.querySelector("ol");
    const status = field.querySelector("[data-order-status]");
    const rows = () => [...list.children];
    const isSent = field.dataset.order === "sent";
    let drawn = null;
    let from = 0;
    let sending = Promise.resolve();

    list.addEventListener("click", (event) => {
      const button = event.target.closest("button[value^=up], button[value^=down]");
      if (!button) return;
      event.preventDefault();
      const row = button.closest("li");
      const place = rows().indexOf(row);
      const to = place + (button.value.startsWith("up") ? -1 : 1);
      if (to < 0 || to >= rows().length) return say(to < 0 ? "Already the first" : "Already the last");
      move(row, to);
      if (isSent) send(row, to);
      button.focus({ preventScroll: true });
      row.scrollIntoView({ block: "nearest" });
    });

    list.addEventListener("pointerdown", (event) => {
      const row = event.target.closest("li");
      const isHandle = event.target.closest(".place") || (event.pointerType === "mouse" && !isSent);
      if (!row || !isHandle || event.button || event.target.closest("button")) return;
      event.preventDefault();
      drawn = row;
      from = rows().indexOf(row);
      row.setPointerCapture(event.pointerId);
      row.classList.add("drawn");
    });

    list.addEventListener("pointermove", (event) => {
      if (!drawn) return;
      const others = rows().filter((row) => row !== drawn);
      const to = others.filter((row) => event.clientY > middle(row)).length;
      if (to !== rows().indexOf(drawn)) move(drawn, to, event.pointerId);
    });

    for (const end of ["pointerup", "pointercancel"]) {
      list.addEventListener(end, () => {
        drawn?.classList.remove("drawn");
        if (drawn && isSent && rows().indexOf(drawn) !== from) send(drawn, rows().indexOf(drawn));
        drawn = null;
      });
    }

    function move(row, to, pointer) {
      row.remove();
      list.insertBefore(row, list.children[to] ?? null);
      if (pointer !== undefined) row.setPointerCapture(pointer);
      if (isSent) rows().filter((each) => each.querySelector(".place")).forEach(relabel);
      else rows().forEach(renumber);
      if (!isSent) field.querySelector("[name=is_ordered]").checked = true;
      if (!isSent) field.dispatchEvent(new Event("change", { bubbles: true }));
      if (!isSent) say(`Moved to ${to + 1} of ${rows().length}`);
    }

    function send(row, to) {
      const form = row.querySelector("form:has([value=up])");
      const body = new FormData(form);
      body.set("do", to + 1);
      sending = sending.then(async () => {
        const response = await fetch(form.action, { method: "POST", body }).catch(() => null);
        const asked = rows().filter((each) => each.querySelector(".place"));
        say(response?.ok ? `Saved as number ${asked.indexOf(row) + 1} of ${asked.length}` : "The new order is not saved. Reload the page and try again.");
      });
    }

    function say(text) {
      status.textContent = text;
    }
  }

  function middle(row) {
    const box = row.getBoundingClientRect();
    return box.top + box.height / 2;
  }

  function relabel(row, index) {
    row.querySelector(".place").textContent = index + 1;
    for (const control of row.querySelectorAll("[aria-label]")) {
      control.title = control.ariaLabel.replace(/\d+/, index + 1);
      control.ariaLabel = control.title;
    }
  }

  function renumber(row, index) {
    const place = index + 1;
    row.querySelector(".place").textContent = place;
    row.querySelector("input").name = `order-${place}`;
    const [up, down] = row.querySelectorAll("button");
    up.value = `up-${place}`;
    down.value = `down-${place}`;
    if (up.dataset.key) {
      up.dataset.key = place;
      up.setAttribute("aria-keyshortcuts", place);
    }
  }
}

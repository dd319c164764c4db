// Ordering: entries move in place, by their buttons, by their number, or drawn by their row; a status says where to.
{
  for (const field of document.querySelectorAll("[data-order]")) {
    const list = field.querySelector("ol");
    const status = field.querySelector("[data-order-status]");
    const rows = () => [...list.children];
    let drawn = null;

    list.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      event.preventDefault();
      const row = button.closest("li");
      const place = rows().indexOf(row);
      const to = place + (button.value.startsWith("up") ? -1 : 1);
      if (to < 0 || to >= rows().length) return say(to < 0 ? "Already the first" : "Already the last");
      move(row, to);
      button.focus({ preventScroll: true });
      row.scrollIntoView({ block: "nearest" });
    });

    list.addEventListener("pointerdown", (event) => {
      const row = event.target.closest("li");
      const isHandle = event.pointerType === "mouse" || event.target.closest(".place");
      if (!row || !isHandle || event.button || event.target.closest("button")) return;
      event.preventDefault();
      drawn = row;
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
        drawn = null;
      });
    }

    function move(row, to, pointer) {
      row.remove();
      list.insertBefore(row, list.children[to] ?? null);
      if (pointer !== undefined) row.setPointerCapture(pointer);
      rows().forEach(renumber);
      field.querySelector("[name=is_ordered]").checked = true;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      say(`Moved to ${to + 1} of ${rows().length}`);
    }

    function say(text) {
      status.textContent = text;
    }
  }

  function middle(row) {
    const box = row.getBoundingClientRect();
    return box.top + box.height / 2;
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

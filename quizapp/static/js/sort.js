// Sortable tables: <table data-sort>, <th data-sort="number|text">, cells may carry data-value.
{
  for (const head of document.querySelectorAll("table[data-sort] th[data-sort]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head));
    head.append(button);
  }

  function sort(head) {
    const isNumber = head.dataset.sort === "number";
    const isDown = head.hasAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : isNumber;
    const place = head.cellIndex;
    const body = head.closest("table").tBodies[0];
    const value = (row) => row.cells[place].dataset.value ?? row.cells[place].textContent.trim();
    const number = (row) => Number.parseFloat(value(row).replace(",", ".")) || 0;
    const order = isNumber ? (a, b) => number(a) - number(b) : (a, b) => value(a).localeCompare(value(b), undefined, { numeric: true });
    body.append(...[...body.rows].sort((a, b) => (isDown ? order(b, a) : order(a, b))));
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
  }
}

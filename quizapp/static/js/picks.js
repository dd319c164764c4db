// Choosing rows: one checkbox for all of a page, and how many are chosen.
{
  const all = document.querySelector("[data-all]");
  const status = document.querySelector("[data-picked]");
  const rows = all ? [...document.querySelectorAll(`input[type=checkbox][name="${all.dataset.all}"]`)] : [];

  all?.addEventListener("change", () => {
    for (const row of rows) row.checked = all.checked;
    tell();
  });
  for (const row of rows) row.addEventListener("change", tell);
  addEventListener("pageshow", tell);

  function tell() {
    if (!all) return;
    const chosen = rows.filter((row) => row.checked).length;
    all.checked = chosen === rows.length;
    all.indeterminate = chosen > 0 && !all.checked;
    status.textContent = chosen ? `${chosen} ${chosen === 1 ? "card" : "cards"} chosen` : "With the chosen cards:";
  }
}

// Confirmations: a <details data-confirm> asks in a dialog instead of in place.
{
  for (const box of document.querySelectorAll("[data-confirm]")) {
    box.querySelector("summary").addEventListener("click", (event) => {
      event.preventDefault();
      ask(box);
    });
  }

  function ask(box) {
    const asked = box.querySelector(".asked");
    const dialog = document.createElement("dialog");
    const keep = document.createElement("button");
    keep.type = "button";
    keep.textContent = "Cancel";
    keep.addEventListener("click", () => dialog.close());
    asked.querySelector(".row").append(keep);
    dialog.setAttribute("aria-label", asked.querySelector(".question").textContent);
    dialog.append(asked);
    dialog.addEventListener("close", () => {
      keep.remove();
      box.append(asked);
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  }
}

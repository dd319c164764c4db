// Words: how many a long answer has so far, shown below it.
for (const field of document.querySelectorAll("[data-words]")) {
  const line = document.getElementById(field.dataset.words);
  const tell = () => {
    const words = field.value.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
    line.textContent = `${words} ${words === 1 ? "word" : "words"}`;
  };
  field.addEventListener("input", tell);
  tell();
}

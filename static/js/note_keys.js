// Among the notes j and k go to the next and the previous one, e settles one, Escape goes back to the passage; in the
// form of a new note 1 to 4 choose its kind. Only while the focus is there, and never in a field one types in.
(() => {
  const typing = (target) => target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  const step = (by) => document.querySelector(`[data-note-step="${by}"]`)?.click();

  const settle = (card) => {
    const field = card.querySelector("input[name=resolution]");
    if (!field) return false;
    field.closest("details").open = true;
    field.focus();
    return true;
  };
  const back = (card) => {
    const mark = document.querySelector(`mark[data-notes~="${card.dataset.noteCard}"], [data-notes~="${card.dataset.noteCard}"]`);
    const place = mark?.closest(".para") ?? card.closest(".block")?.querySelector(".para");
    place?.focus();
    return Boolean(place);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.keyCode === 229) return;
    const card = event.target.closest?.("[data-note-card]");
    const composer = event.target.closest?.("[data-composer-form]");
    let done = false;
    if (card && event.key === "Escape") done = back(card);
    else if (typing(event.target)) return;
    else if (composer) {
      const kinds = [...composer.querySelectorAll("input[type=radio][name=kind]")];
      const kind = kinds[Number(event.key) - 1];
      if (kind) {
        kind.checked = true;
        kind.focus();
        done = true;
      }
    } else if (card && event.key === "e") done = settle(card);
    else if (card && (event.key === "j" || event.key === "k")) {
      step(event.key === "j" ? 1 : -1);
      done = true;
    }
    if (done) event.preventDefault();
  });
})();

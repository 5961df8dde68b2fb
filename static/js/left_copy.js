// Shows what this computer still holds of a part that can no longer be written here, so that it can be copied.
(() => {
  const box = document.querySelector("[data-left-copy]");
  const copies = window.portalCopies;
  if (!box || !copies) return;
  const place = box.dataset.leftCopy;
  const show = async () => {
    const [copy] = await copies.left(place, "");
    box.hidden = !copy;
    if (!copy) return;
    box.querySelector("[data-left-words]").textContent = box.dataset.found.replace("{time}", copies.when(copy.at));
    box.querySelector("[data-left-text]").textContent = [copy.department, copy.text, copy.not_focus_reason].filter(Boolean).join("\n");
    box.querySelector("[data-left-drop]").onclick = () => {
      copies.drop(place, copy.page);
      show();
    };
  };
  show();
})();

// In a list of rows j and k go to the next and the last row; only while the list holds the focus, so that nobody
// who dictates or listens is surprised by a letter.
(() => {
  const rows = () => [...document.querySelectorAll("[data-row-keys] a")];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const step = { j: 1, k: -1 }[event.key];
    const found = rows();
    const at = found.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    found[Math.min(found.length - 1, Math.max(0, at + step))].focus();
  });
})();

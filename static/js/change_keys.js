// Among the changes n and p go to the next and the previous one, v to another view; only while the focus is there,
// so that nobody who dictates or listens is surprised by a letter.
(() => {
  const AMONG = "[data-change-keys], [data-first-change]";
  const changes = () => [...document.querySelectorAll("[data-change-keys] [id^=change-]")];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (!document.activeElement?.closest(AMONG)) return;
    if (event.key === "v") {
      const views = [...document.querySelectorAll("[data-views] a")];
      const at = views.findIndex((link) => link.hasAttribute("aria-current"));
      views[(at + 1) % views.length]?.click();
      return;
    }
    const step = { n: 1, p: -1 }[event.key];
    if (!step) return;
    const all = changes();
    const at = all.indexOf(document.activeElement.closest("[id^=change-]"));
    const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + step))];
    if (!next) return;
    event.preventDefault();
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
  });
})();

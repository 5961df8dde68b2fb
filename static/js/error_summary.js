// Brings the reader to what has to be put right, and from each line to its control.
(() => {
  const target = (link) => {
    const found = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!found) return null;
    return found.matches("input, select, textarea, button") ? found : found.querySelector("input, select, textarea") || found;
  };
  const start = (root) => {
    const summary = root.querySelector("[data-error-summary]");
    if (summary) summary.focus();
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const control = link && target(link);
    if (!control) return;
    event.preventDefault();
    control.scrollIntoView({ block: "center" });
    control.focus();
  });
  document.addEventListener("htmx:afterSettle", (event) => start(event.target));
  start(document);
  // Who came by the skip link sends the form from an address that ends in #main: there the browser takes the focus.
  window.addEventListener("load", () => {
    if (location.hash && document.activeElement?.matches("main, body")) start(document);
  });
})();

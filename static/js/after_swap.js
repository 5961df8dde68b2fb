// After a part of the page was exchanged: keep the focus alive, say what changed, show that work is under way.
(() => {
  const live = () => document.getElementById("live");
  document.addEventListener("htmx:beforeRequest", (event) => event.detail.target.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", (event) => event.detail.target.removeAttribute("aria-busy"));
  document.addEventListener("htmx:afterSettle", (event) => {
    // An element that still has the focus is left alone: the reader is there.
    if (document.activeElement && document.activeElement !== document.body) return;
    const region = event.detail.target;
    const next = region.querySelector("[data-focus]") || region;
    if (!next.hasAttribute("tabindex")) next.setAttribute("tabindex", "-1");
    next.focus();
  });
  // The server sends HX-Trigger: {"announce": "…"}
  document.addEventListener("announce", (event) => {
    live().textContent = event.detail.value;
  });
  const failed = (event) => {
    const words = event.detail.target.closest("[data-failed]");
    if (words) live().textContent = words.dataset.failed;
    event.detail.target.dispatchEvent(new CustomEvent("portal:failed", { bubbles: true }));
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
})();

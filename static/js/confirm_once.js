// A second press or Enter sends nothing: the first one is under way.
(() => {
  const free = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-confirm-once]");
    if (!form || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    // Not `disabled`: a disabled button would not be sent along and would lose the focus.
    for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
    const live = document.getElementById("live");
    if (live && form.dataset.busy) live.textContent = form.dataset.busy;
  });
  // Coming back with the Back button shows the page as it was left.
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-confirm-once]").forEach(free));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest && event.target.closest("form[data-confirm-once]");
    if (form) free(form);
  });
})();

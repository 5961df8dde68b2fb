// Moves the page so far that the field one types in ends above the save bar, which lies over the page's foot.
(() => {
  const bar = document.querySelector(".save-bar");
  const field = bar?.closest("form").querySelector("textarea.editor");
  if (!field) return;
  const SPACE = 8;

  const show = () => {
    if (document.activeElement !== field || getComputedStyle(bar).position !== "sticky") return;
    const { top, bottom } = field.getBoundingClientRect();
    const under = bottom + SPACE - bar.getBoundingClientRect().top;
    // The field is shorter than the free window, so its head stays in sight too.
    if (under > 0 && top > 0) window.scrollBy(0, Math.min(under, top));
  };
  // After the browser has scrolled to the caret by itself, which knows nothing of the bar.
  const later = () => requestAnimationFrame(show);
  for (const name of ["focus", "input", "keyup"]) field.addEventListener(name, later);
  // The bar grows with what it says.
  if (window.ResizeObserver) new ResizeObserver(later).observe(bar);
})();

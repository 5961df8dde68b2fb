// Counts as Word does while a text is typed; says how far over the guide it is and never blocks.
(() => {
  const wide =
    "\\u1100-\\u11ff\\u2e80-\\u2fff\\u3001-\\u33ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua000-\\ua4cf\\uac00-\\ud7af" +
    "\\uf900-\\ufaff\\ufe30-\\ufe4f\\uff01-\\uffef\\u{20000}-\\u{3ffff}";
  const shared = "\\u00b7\\u2014\\u2018\\u2019\\u201c\\u201d\\u2026";
  const space = "\\s\\ufeff\\u001c-\\u001f\\u0085";
  const western = `[^${space}${wide}${shared}]+`;
  const once = new RegExp(`[${wide}]|${western}(?:[${shared}]${western})*|[${shared}]`, "gu");
  const countCharacters = (text) => (text.match(once) || []).length;

  const show = (field) => {
    const line = document.getElementById(`${field.id}_count`);
    if (!line) return;
    const count = countCharacters(field.value);
    const most = Number(field.dataset.countMost || 0);
    const over = most > 0 && count > most;
    const words = over ? line.dataset.over : line.dataset.words;
    const said = { count, over: count - most, least: Number(field.dataset.countLeast || 0), most };
    line.textContent = words.replace(/\[(\w+)\]/g, (_all, name) => said[name].toLocaleString("en-US"));
    line.classList.toggle("over", over);
  };
  const start = (root) => {
    for (const field of root.querySelectorAll("[data-count-most]")) show(field);
  };
  document.addEventListener("input", (event) => {
    if (event.target.dataset && "countMost" in event.target.dataset) show(event.target);
  });
  document.addEventListener("htmx:afterSettle", (event) => start(event.target));
  start(document);
  window.portalCountCharacters = countCharacters;
})();

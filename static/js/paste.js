// Pasting from Word or WPS into a part's text: says what was kept and what was dropped, and takes it back on demand.
(() => {
  const box = document.querySelector("[data-paste-said]");
  const field = box && box.closest("form").querySelector("textarea.editor");
  if (!field) return;
  const words = box.querySelector("[data-paste-words]");
  const undo = box.querySelector("[data-paste-undo]");
  const half = box.querySelector("[data-half]");
  const { fromHtml, halfWidth } = window.portalClipboard;
  let former = null; // the text before the last act of ours, and after it
  let timer = 0;

  const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const squeezed = (text) => text.replace(/[\s\u00a0\u3000|]+/g, "").length;
  const show = () => {
    box.hidden = words.textContent === "" && half.hidden;
  };
  const tell = (text) => {
    words.textContent = text;
    undo.hidden = former === null;
    show();
  };
  const write = (text, from, to) => {
    former = { value: field.value, start: field.selectionStart, end: field.selectionEnd };
    field.setRangeText(text, from, to, "end");
    former.after = field.value;
    field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertFromPaste" }));
  };
  const look = () => {
    const found = halfWidth(field.value);
    half.hidden = found.count === 0;
    if (found.count) half.querySelector("[data-half-words]").textContent = fill(box.dataset.half, found);
    show();
  };
  const sentence = (found) => {
    const said = [fill(found.tables ? box.dataset.keptTables : box.dataset.kept, found)];
    for (const what of ["merged", "pictures", "deleted", "comments"]) if (found[what]) said.push(fill(box.dataset[what], found));
    return said.join(document.documentElement.lang.startsWith("zh") ? "" : " ");
  };

  field.addEventListener("paste", (event) => {
    const html = event.clipboardData ? event.clipboardData.getData("text/html") : "";
    if (!html || field.readOnly || field.disabled) return;
    const plain = event.clipboardData.getData("text/plain");
    const found = fromHtml(html);
    const text = found.lines.join("\n");
    // Words inside a line need no help; and rather the plain text than a reading that lost some of it.
    if (!text || (found.lines.length === 1 && !plain.includes("\t") && !found.pictures)) return;
    if (!found.deleted && !found.comments && squeezed(text) < 0.95 * squeezed(plain)) return;
    event.preventDefault();
    const [from, to] = [field.selectionStart, field.selectionEnd];
    // A row of a table needs a line of its own.
    const before = text.startsWith("|") && from > 0 && field.value[from - 1] !== "\n" ? "\n" : "";
    const after = text.endsWith("|") && to < field.value.length && field.value[to] !== "\n" ? "\n" : "";
    write(before + text + after, from, to);
    tell(sentence(found));
    look();
  });

  const takeBack = () => {
    field.value = former.value;
    field.setSelectionRange(former.start, former.end);
    former = null;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    tell(box.dataset.undone);
    look();
    field.focus();
  };
  undo.addEventListener("click", takeBack);
  field.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "z") return;
    if (!former || field.value !== former.after) return; // the browser's own undo knows the rest
    event.preventDefault();
    takeBack();
  });
  half.querySelector("[data-half-fix]").addEventListener("click", () => {
    const found = halfWidth(field.value);
    const at = field.selectionEnd;
    write(found.fixed, 0, field.value.length);
    field.setSelectionRange(Math.min(at, field.value.length), Math.min(at, field.value.length));
    tell(fill(box.dataset.fixed, found));
    look();
    field.focus();
  });
  field.addEventListener("input", () => {
    if (former && field.value !== former.after) {
      former = null; // taking it back now would lose what was typed since
      undo.hidden = true;
    }
    clearTimeout(timer);
    timer = setTimeout(look, 800);
  });
  look();
})();

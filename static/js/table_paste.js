// Cells copied in Excel or WPS and pasted anywhere on the page of a table open their preview; nothing is written by it.
(() => {
  const form = document.querySelector("form[data-table-paste]");
  if (!form) return;
  document.addEventListener("paste", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (target.closest("input, textarea, select, [contenteditable]")) return;
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    if (!text.includes("\t")) return; // one cell alone is no table
    event.preventDefault();
    form.elements.text.value = text;
    form.submit();
  });
})();

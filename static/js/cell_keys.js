// A table written in its cells: Enter and Alt with the arrows go from cell to cell, Ctrl+D copies the one above,
// Ctrl+S saves; cells pasted at a cell are named by their rows and columns and shown in the preview first.
(() => {
  const form = document.querySelector("form[data-cells]");
  const paste = document.querySelector("form[data-cells-paste]");
  const said = document.querySelector("[data-cells-said]");
  if (!form) return;
  const FIELDS = "input:not([type=hidden]), select";
  const grid = [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll(FIELDS)]);
  const heads = [...form.querySelectorAll("thead th")].map((head) => head.textContent.trim());

  const place = (cell) => {
    const row = grid.findIndex((cells) => cells.includes(cell));
    return row < 0 ? null : { row, column: grid[row].indexOf(cell) };
  };
  const go = ({ row, column }, down, right) => {
    const target = grid[row + down]?.[column + right];
    if (!target) return;
    target.focus();
    if (target.select) target.select();
  };
  const copyAbove = (cell, { row, column }) => {
    const above = grid[row - 1]?.[column];
    if (!above) return;
    if (cell.type === "checkbox") cell.checked = above.checked;
    else cell.value = above.value;
    cell.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const command = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase();
    if (command === "s") {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    const here = event.target.matches(FIELDS) && place(event.target);
    if (!here) return;
    const arrow = event.altKey && !event.ctrlKey && ARROWS[event.key];
    if (command === "d") copyAbove(event.target, here);
    else if (event.key === "Enter") go(here, event.shiftKey ? -1 : 1, 0);
    else if (arrow && !(event.target.matches("select") && arrow[0])) go(here, ...arrow);
    else return;
    event.preventDefault();
  });

  const values = () => JSON.stringify([...new FormData(form)]);
  const begun = values();
  const named = (text, { row, column }) => {
    const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n");
    if (column === 0) return [heads.slice(0, lines[0].split("\t").length).join("\t"), ...lines].join("\n");
    const width = Math.max(...lines.map((line) => line.split("\t").length));
    const head = [heads[0], ...heads.slice(column, column + width)].join("\t");
    return [head, ...lines.map((line, n) => `${grid[row + n]?.[0].value ?? ""}\t${line}`)].join("\n");
  };
  form.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const here = event.target.matches(FIELDS) && place(event.target);
    if (!here || !/[\t\n]./.test(text)) return; // one cell alone is typed like any text
    event.preventDefault();
    if (values() !== begun) {
      said.textContent = form.dataset.unsaved;
      return;
    }
    paste.elements.text.value = named(text, here);
    paste.submit();
  });
})();

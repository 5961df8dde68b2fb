// Alt+Down and Alt+Up go to the next and the previous item; what is typed stays kept on this computer.
(() => {
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (event.target.matches("select")) return; // there the key opens the list
    const way = { ArrowDown: "next", ArrowUp: "prev" }[event.key];
    const link = way && document.querySelector(`main a[rel=${way}]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
})();

// Where two texts meet: a choice fills the joined text, and writing there is a choice of its own.
(() => {
  const parts = (element) => {
    const clash = element.closest("[data-clash]");
    return clash && { field: clash.querySelector("textarea"), written: clash.querySelector("[value=written]") };
  };
  document.addEventListener("change", ({ target }) => {
    const found = target.type === "radio" && parts(target);
    if (found && found.field.dataset[target.value] !== undefined) found.field.value = found.field.dataset[target.value];
  });
  document.addEventListener("input", ({ target }) => {
    const found = target.tagName === "TEXTAREA" && parts(target);
    if (found) found.written.checked = true;
  });
})();

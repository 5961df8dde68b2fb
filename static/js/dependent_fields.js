// Shows the fields of the chosen kind only; fields that hold something or are wrong always stay in sight.
(() => {
  const groups = [...document.querySelectorAll("[data-shown-for]")];
  const show = () => {
    for (const group of groups) {
      const [name, wanted] = group.dataset.shownFor.split(":");
      const chosen = document.querySelector(`[name="${name}"]`);
      const filled = [...group.querySelectorAll("input, select, textarea")].some((control) => control.value);
      const wrong = group.querySelector(".is-invalid, .invalid-feedback");
      group.hidden = Boolean(chosen && chosen.value && chosen.value !== wanted && !filled && !wrong);
    }
  };
  document.addEventListener("change", show);
  show();
})();

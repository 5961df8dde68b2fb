// Unfolds what belongs to a choice as soon as it is chosen: data-open-when="name:value" on the details element.
(() => {
  const folds = [...document.querySelectorAll("details[data-open-when]")];
  const follow = (event) => {
    for (const fold of folds) {
      const [name, value] = fold.dataset.openWhen.split(":");
      if (event.target.name === name) fold.open = event.target.value === value;
    }
  };
  document.addEventListener("change", follow);
  for (const fold of folds) {
    const [name, value] = fold.dataset.openWhen.split(":");
    if (document.querySelector(`[name="${name}"][value="${value}"]:checked`)) fold.open = true;
  }
})();

// Shows what this computer still holds of forms that can no longer be sent here, so that it can be copied.
(() => {
  const box = document.querySelector("[data-left-forms]");
  const copies = window.portalCopies;
  if (!box || !copies) return;
  const template = box.querySelector("template");
  const start = `${box.dataset.leftForms}:${location.pathname.replace("/en/", "/")}`;
  const show = () => {
    const found = copies.under(start).filter((copy) => copy.said?.length);
    box.replaceChildren(template);
    box.hidden = !found.length;
    for (const copy of found) {
      const one = template.content.cloneNode(true);
      one.querySelector("[data-left-words]").textContent = box.dataset.found.replace("{time}", copies.when(copy.at));
      const colon = document.documentElement.lang.startsWith("zh") ? "：" : ": ";
      one.querySelector("[data-left-text]").textContent = copy.said.map((pair) => pair.join(colon)).join("\n");
      one.querySelector("[data-left-drop]").onclick = () => {
        copies.forget(copy.name);
        show();
      };
      box.append(one);
    }
  };
  show();
})();

// Keeps what is typed into a form on this computer until its save is confirmed, and offers it back after a crash.
(() => {
  const form = document.querySelector("form[data-copy]");
  const copies = window.portalCopies;
  if (!form || !copies) return;
  const box = form.querySelector("[data-kept]");
  const place = `${form.dataset.copy}:${location.pathname.replace("/en/", "/")}`;
  const page = String(crypto.getRandomValues(new Uint32Array(1))[0]);
  const WAIT = 500;
  let timer = 0;

  const kinds = ["hidden", "file", "password", "submit", "button"];
  // The hidden marks of a row's state go along, so that what others saved since is not written over.
  const isMark = (name) => /^(.+-)?(seen|shown|pk)$/.test(name);
  const controls = () => [...form.elements].filter((e) => e.name && (isMark(e.name) || !kinds.includes(e.type)));
  const values = () =>
    controls().flatMap((e) => {
      if (e.type === "checkbox" || e.type === "radio") return e.checked ? [[e.name, e.value]] : [];
      if (e.type === "select-multiple") return [...e.selectedOptions].map((option) => [e.name, option.value]);
      return [[e.name, e.value]];
    });
  const typed = () => JSON.stringify(values().filter(([name]) => !isMark(name)));
  const begun = typed();

  // As people read it, for the day on which the form can no longer be sent.
  const name = (label) => [...(label?.childNodes ?? [])].find((node) => node.textContent.trim())?.textContent.trim() ?? "";
  const said = () =>
    controls().flatMap((e) => {
      const ticked = ["checkbox", "radio"].includes(e.type);
      if (e.type === "hidden" || (ticked ? !e.checked : !e.value)) return [];
      const chosen = e.options ? [...e.selectedOptions].map((option) => option.text).join("、") : e.value;
      const label = name((ticked && e.closest("fieldset")?.querySelector("legend")) || e.labels?.[0]);
      return [[label, ticked ? name(e.labels?.[0]) : chosen]];
    });
  const keep = () => {
    clearTimeout(timer);
    if (typed() === begun) copies.drop(place, page);
    else copies.keep(place, page, { values: values(), said: said() });
  };
  const restore = (copy) => {
    const left = [...copy.values];
    const take = (name) => {
      const at = left.findIndex(([found]) => found === name);
      return at < 0 ? undefined : left.splice(at, 1)[0][1];
    };
    const has = (name, value) => copy.values.some(([n, v]) => n === name && v === value);
    for (const e of controls()) {
      if (e.type === "checkbox" || e.type === "radio") e.checked = has(e.name, e.value);
      else if (e.type === "select-multiple") for (const option of e.options) option.selected = has(e.name, option.value);
      else e.value = take(e.name) ?? e.value;
      e.dispatchEvent(new Event("input", { bubbles: true }));
      e.dispatchEvent(new Event("change", { bubbles: true }));
    }
    keep();
    copies.drop(place, copy.page);
  };
  const offer = async () => {
    for (const copy of await copies.left(place, page)) {
      if (JSON.stringify(copy.values.filter(([name]) => !isMark(name))) === typed()) {
        copies.drop(place, copy.page);
        continue;
      }
      const done = (act) => () => {
        act();
        box.hidden = true;
        controls().find((e) => e.type !== "hidden")?.focus();
      };
      box.querySelector("[data-kept-words]").textContent = box.dataset.found.replace("{time}", copies.when(copy.at));
      box.querySelector("[data-kept-restore]").onclick = done(() => restore(copy));
      box.querySelector("[data-kept-drop]").onclick = done(() => copies.drop(place, copy.page));
      box.hidden = false;
      return;
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
  form.addEventListener("submit", () => {
    keep();
    copies.sent(place, page);
  });
  offer();
})();

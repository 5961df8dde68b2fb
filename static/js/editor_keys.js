// F6 goes round guidance, text and opinions; Ctrl+Alt+M from the text to what was said of it and back.
(() => {
  const field = document.getElementById("id_text");
  const opinions = document.getElementById("opinions");
  const guidance = document.getElementById("guidance");
  if (!field) return;
  const stops = [guidance, field, opinions].filter(Boolean);

  const here = () => stops.findIndex((stop) => stop.contains(document.activeElement));
  const round = (step) => {
    const at = here();
    const next = at < 0 ? stops.indexOf(field) : (at + step + stops.length) % stops.length;
    stops[next].focus();
  };
  // The opinion whose passage holds the caret, or the first there is.
  const links = () => [...opinions.querySelectorAll("[data-find]")];
  const meant = () => {
    const caret = field.selectionStart;
    const holds = ({ dataset: { find, findAt } }) => {
      const place = field.value.indexOf(find, Math.max(0, Number(findAt) - find.length));
      return place >= 0 && place <= caret && caret <= place + find.length;
    };
    return links().find(holds) ?? opinions.querySelector("a");
  };
  const across = () => {
    if (opinions.contains(document.activeElement)) {
      const place = document.activeElement.closest(".note")?.querySelector("[data-find]");
      if (place) place.click();
      else field.focus();
    } else meant().focus();
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "F6" && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      round(event.shiftKey ? -1 : 1);
    } else if (opinions && event.ctrlKey && event.altKey && event.code === "KeyM") {
      event.preventDefault();
      across();
    }
  });
})();

// Leads from words said about the text, a finding or an opinion, to their place in the field.
(() => {
  const field = document.getElementById("id_text");
  if (!field) return;

  // The text may have moved on since it was saved: the nearest place that still holds the words is meant.
  const nearest = (words, at) => {
    let best = -1;
    for (let place = field.value.indexOf(words); place >= 0; place = field.value.indexOf(words, place + 1)) {
      if (best < 0 || Math.abs(place - at) < Math.abs(best - at)) best = place;
    }
    return best;
  };
  const lead = (link) => {
    const { find, findAt } = link.dataset;
    const place = nearest(find, Number(findAt));
    field.focus();
    if (place < 0) return;
    // Browsers scroll a field to its caret only when it is typed in: an estimate by characters comes near enough.
    field.setSelectionRange(place, place + find.length);
    field.scrollTop = (field.scrollHeight * place) / Math.max(1, field.value.length) - field.clientHeight / 3;
  };
  const fromAddress = () => {
    const named = location.hash.startsWith("#p-") && document.getElementById(location.hash.slice(1));
    const link = (named || document.querySelector("[data-asked]"))?.querySelector("[data-find]");
    if (link) lead(link);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-find]");
    if (!link) return;
    event.preventDefault();
    lead(link);
  });
  // The browser goes to the address's place last of all; only then may the field take the focus.
  window.addEventListener("load", () => setTimeout(fromAddress));
  window.addEventListener("hashchange", fromAddress);
})();

// Shows what the server saw in the saved text, and leads from each finding to its words in the field.
(() => {
  const list = document.querySelector("[data-findings]");
  const said = document.querySelector("[data-findings-said]");
  const field = document.getElementById("id_text");
  if (!list || !field) return;

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
    const item = location.hash.startsWith("#p-") && document.getElementById(location.hash.slice(1));
    const link = item && item.querySelector("[data-find]");
    if (link) lead(link);
  };

  list.addEventListener("click", (event) => {
    const link = event.target.closest("[data-find]");
    if (!link) return;
    event.preventDefault();
    lead(link);
  });
  const show = ({ html, words }) => {
    const folded = () => list.querySelector("[data-agreeing]");
    const opened = folded()?.open;
    list.innerHTML = html;
    if (folded() && opened !== undefined) folded().open = opened;
    if (said.textContent !== words) said.textContent = words;
  };
  // Asked after a save is answered, so that no save waits for it; what is on its way is followed by one more at most.
  let asking = false;
  let again = false;
  const ask = async () => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      do {
        again = false;
        const response = await fetch(list.dataset.findings, { headers: { Accept: "application/json" } });
        if (!response.ok || response.redirected) return; // the next save asks again
        show(await response.json());
      } while (again);
    } catch (error) {
      console.warn(error);
    } finally {
      asking = false;
    }
  };
  document.addEventListener("portal:seen", ask);
  // The browser goes to the address's place last of all; only then may the field take the focus.
  window.addEventListener("load", () => setTimeout(fromAddress));
  window.addEventListener("hashchange", fromAddress);
})();

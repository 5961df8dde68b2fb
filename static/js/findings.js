// Shows what the server saw in the saved text.
(() => {
  const list = document.querySelector("[data-findings]");
  const said = document.querySelector("[data-findings-said]");
  if (!list) return;

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
})();

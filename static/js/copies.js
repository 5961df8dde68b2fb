// Copies of unsent text on this computer: one for each open page, kept for a fortnight (a long
// holiday and some), given up when a person signs out.
// Offers `window.portalCopies` to the scripts that save or watch a form.
(() => {
  const PREFIX = "portal:copy:";
  const KEPT = 14 * 24 * 3600 * 1000;
  const ANSWERS = 250; // milliseconds that other open pages are given to say that they are there
  const places = new Map(); // what this page itself is writing: place → page
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("portal:copies") : null;
  const heard = new Set();

  const nameOf = (place, page) => `${PREFIX}${place}:${page}`;
  // Storage may be full or forbidden; the answer tells the caller, who tells the person.
  const keep = (place, page, content) => {
    try {
      localStorage.setItem(nameOf(place, page), JSON.stringify({ ...content, at: Date.now() }));
      return true;
    } catch (error) {
      console.warn(error);
      return false;
    }
  };
  const forget = (name) => {
    try {
      localStorage.removeItem(name);
    } catch (error) {
      console.warn(error);
    }
  };
  const drop = (place, page) => forget(nameOf(place, page));
  const all = (start) => {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX + start));
    } catch {
      return [];
    }
  };
  const read = (name) => {
    try {
      const found = JSON.parse(localStorage.getItem(name) || "null");
      if (found && Date.now() - found.at < KEPT) return found;
      localStorage.removeItem(name);
    } catch (error) {
      console.warn(error);
    }
    return null;
  };
  const dropAll = (start) => {
    for (const name of all(start)) localStorage.removeItem(name);
  };

  channel?.addEventListener("message", ({ data }) => {
    if (data.ask && places.has(data.ask)) channel.postMessage({ here: places.get(data.ask) });
    if (data.here) heard.add(data.here);
  });
  // The copies of pages that are no longer open, newest first.
  const left = async (place, page) => {
    places.set(place, page);
    if (!all(`${place}:`).length) return [];
    channel?.postMessage({ ask: place });
    if (channel) await new Promise((done) => setTimeout(done, ANSWERS));
    return all(`${place}:`)
      .map((name) => ({ page: name.slice(nameOf(place, "").length), ...read(name) }))
      .filter((copy) => copy.at && copy.page !== page && !heard.has(copy.page))
      .sort((one, other) => other.at - one.at);
  };

  // The copies of every page under an address that can no longer be written, newest first.
  const under = (start) =>
    all(start)
      .map((name) => ({ name, ...read(name) }))
      .filter((copy) => copy.at)
      .sort((one, other) => other.at - one.at);
  const when = (at) =>
    new Date(at).toLocaleString(document.documentElement.lang, {
      month: "numeric",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
      timeZone: "Asia/Shanghai",
    });

  // A form sent by its button is confirmed by the words of the page that answers it in the same tab.
  const SENT = "portal:sent";
  const sent = (place, page) => {
    try {
      sessionStorage.setItem(SENT, nameOf(place, page));
    } catch (error) {
      console.warn(error);
    }
  };
  const confirm = () => {
    try {
      const name = sessionStorage.getItem(SENT);
      sessionStorage.removeItem(SENT);
      if (name && document.querySelector("main > .notice.success")) localStorage.removeItem(name);
    } catch (error) {
      console.warn(error);
    }
  };

  confirm();
  for (const name of all("")) read(name); // lets the outdated ones go
  window.portalCopies = { keep, drop, forget, left, under, when, sent };

  // Signing out waits for text on its way; what cannot be saved holds it back once, in words of the form itself.
  const out = document.querySelector("form[data-sign-out]");
  let warned = false;
  out?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const pending = [];
    document.dispatchEvent(new CustomEvent("portal:signing-out", { detail: pending }));
    const done = (await Promise.all(pending)).every(Boolean);
    if (!done && !warned) {
      warned = true;
      return;
    }
    dropAll(`${out.dataset.signOut}:`);
    out.submit();
  });
})();

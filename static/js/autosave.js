// Saves the text two seconds after typing stops, never in the middle of composing a character; a copy is kept on
// this computer until the server has confirmed it.
(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const field = form.querySelector("textarea[name=text]");
  const base = form.querySelector("input[name=base]");
  const status = form.querySelector("[data-autosave-status]");
  const store = `portal:draft:${form.dataset.autosaveKey}`;
  const WAIT = 2000;
  const AGAIN = 15000;
  const DAY = 24 * 3600 * 1000;
  const NAMES = ["text", "department", "not_focus_reason"];
  let timer = 0;
  let composing = false;
  let sending = false;
  let stopped = false; // a refusal that typing cannot mend
  let saved = "";

  const values = () => Object.fromEntries(NAMES.map((n) => [n, form.elements[n] ? form.elements[n].value : ""]));
  const state = () => JSON.stringify(values());
  const say = (words, link) => {
    status.textContent = words;
    if (!link) return;
    const anchor = document.createElement("a");
    anchor.href = form.dataset.loginUrl;
    anchor.textContent = form.dataset.signIn;
    status.append(" ", anchor);
  };
  const token = () => {
    const found = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
    return found ? found[1] : form.elements.csrfmiddlewaretoken.value;
  };

  // The copy on this computer: storage may be full or forbidden; typing goes on all the same.
  const keep = () => {
    try {
      localStorage.setItem(store, JSON.stringify({ ...values(), base: base.value, page: form.elements.page.value, at: Date.now() }));
    } catch (error) {
      console.warn(error);
    }
  };
  const kept = () => {
    try {
      const found = JSON.parse(localStorage.getItem(store) || "null");
      return found && Date.now() - found.at < DAY ? found : null;
    } catch {
      return null;
    }
  };
  const drop = () => {
    try {
      localStorage.removeItem(store);
    } catch (error) {
      console.warn(error);
    }
  };

  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(() => save(false), milliseconds);
  };
  const take = (answer, sent) => {
    const untouched = state() === sent;
    base.value = untouched ? answer.base : answer.own_base;
    if (answer.text !== undefined && untouched) {
      const at = field.selectionStart;
      field.value = answer.text;
      field.setSelectionRange(at, at);
      field.dispatchEvent(new Event("input", { bubbles: true }));
      sent = state();
    }
    saved = sent;
    say(answer.words);
    document.dispatchEvent(new CustomEvent("portal:seen"));
    if (state() === saved) drop();
    else later(WAIT);
  };
  const refuse = async (response) => {
    if (response.status === 401) {
      say(form.dataset.signedOut, true);
      later(AGAIN); // signing in again in another tab is enough
      return;
    }
    let words = "";
    try {
      words = (await response.json()).words;
    } catch {
      words = "";
    }
    if (words && response.status < 500) {
      stopped = response.status === 409;
      say(words);
      return;
    }
    say(form.dataset.failed);
    later(AGAIN);
  };
  const save = async (leaving) => {
    if (sending || composing || stopped || state() === saved) return;
    const sent = state();
    keep();
    sending = true;
    clearTimeout(timer);
    say(form.dataset.saving);
    try {
      const response = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json", "X-CSRFToken": token(), "X-Requested-With": "fetch" },
        // Browsers carry at most 64 kB past the end of a page; a longer text stays in the copy.
        keepalive: leaving && sent.length + base.value.length < 12000,
      });
      if (response.ok) take(await response.json(), sent);
      else await refuse(response);
    } catch {
      say(form.dataset.offline);
      later(AGAIN);
    } finally {
      sending = false;
    }
  };

  const offer = () => {
    const found = kept();
    const box = form.querySelector("[data-kept]");
    // The address tells that this very page was saved by its button; the joined text may differ from the copy.
    const done = new URLSearchParams(location.search).get("saved");
    if (!found || (done && done === found.page) || NAMES.every((n) => !form.elements[n] || form.elements[n].value === found[n])) {
      drop();
      return;
    }
    const at = new Date(found.at).toLocaleTimeString(document.documentElement.lang, {
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
      timeZone: "Asia/Shanghai",
    });
    box.querySelector("[data-kept-words]").textContent = form.dataset.found.replace("{time}", at);
    box.hidden = false;
    box.querySelector("[data-kept-restore]").addEventListener("click", () => {
      for (const name of NAMES) if (form.elements[name]) form.elements[name].value = found[name];
      base.value = found.base; // what others saved since is joined in by the server
      box.hidden = true;
      say(form.dataset.restored);
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    box.querySelector("[data-kept-drop]").addEventListener("click", () => {
      drop();
      box.hidden = true;
      field.focus();
    });
  };

  saved = state();
  offer();
  form.addEventListener("compositionstart", () => {
    composing = true;
    clearTimeout(timer);
  });
  form.addEventListener("compositionend", () => {
    composing = false;
    keep();
    later(WAIT);
  });
  form.addEventListener("input", (event) => {
    if (!NAMES.includes(event.target.name)) return;
    if (composing || event.isComposing) return;
    keep();
    later(WAIT);
  });
  form.addEventListener("focusout", () => save(false));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    save(false);
  });
  window.addEventListener("online", () => save(false));
  form.addEventListener("submit", () => {
    keep(); // the answer may be a sign-in page
    clearTimeout(timer);
    stopped = true;
  });
})();

// Saves the text two seconds after typing stops and every 15 seconds while it goes on, never in the middle of
// composing a character; a copy is kept on this computer until the server has confirmed it.
(() => {
  const form = document.querySelector("form[data-autosave]");
  const copies = window.portalCopies;
  if (!form || !copies) return;
  const { text: field, base, page, was } = form.elements;
  const status = form.querySelector("[data-autosave-status]");
  const others = form.querySelector("[data-others]");
  const box = form.querySelector("[data-kept]");
  const place = form.dataset.autosaveKey;
  const WAIT = 2000;
  const LONGEST_WAIT = 15000;
  const AGAIN = 15000;
  const PATIENCE = 30000;
  const CARRIED = 60000; // bytes: browsers carry 64 kB past the end of a page
  const NAMES = ["text", "department", "not_focus_reason"].filter((name) => form.elements[name]);
  let timer = 0;
  let since = 0; // when the oldest text not yet sent was typed
  let composing = false;
  let sending = null;
  let stopped = false; // a refusal that typing cannot mend
  let keptHere = true;
  let leaving = false;

  const values = () => Object.fromEntries(NAMES.map((name) => [name, form.elements[name].value]));
  const state = () => JSON.stringify(values());
  let saved = state();
  const unsaved = () => state() !== saved;
  const say = (words) => {
    status.textContent = words;
  };
  const sayUnsaved = (words) => say(keptHere ? words : `${form.dataset.nowhere}`);
  const token = () => {
    const found = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
    return found ? found[1] : form.elements.csrfmiddlewaretoken.value;
  };

  const keep = () => {
    keptHere = copies.keep(place, page.value, { ...values(), base: base.value });
  };
  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(() => save(), milliseconds);
  };
  const typed = () => {
    if (!unsaved()) {
      if (!sending) copies.drop(place, page.value);
      return;
    }
    keep();
    since ||= Date.now();
    if (!stopped) later(Math.max(0, Math.min(WAIT, since + LONGEST_WAIT - Date.now())));
  };

  // Puts joined text into the field; what stands around the cursor stays around it.
  const replace = (text) => {
    const old = field.value;
    const shift = (at) => {
      if (old.slice(0, at) === text.slice(0, at)) return at;
      const rest = old.length - at;
      return old.slice(at) === text.slice(text.length - rest) ? text.length - rest : Math.min(at, text.length);
    };
    const [start, end, top] = [shift(field.selectionStart), shift(field.selectionEnd), field.scrollTop];
    field.value = text;
    field.setSelectionRange(start, end);
    field.scrollTop = top;
  };
  const take = (answer, sent) => {
    const untouched = state() === sent && !composing;
    base.value = untouched ? answer.base : answer.own_base;
    if (was) was.value = "";
    saved = sent;
    if (answer.text !== undefined && untouched) {
      replace(answer.text);
      saved = state();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    say(answer.words);
    others.textContent = answer.others || "";
    document.dispatchEvent(new CustomEvent("portal:seen", { detail: answer }));
    if (unsaved()) {
      keep();
      later(WAIT);
      return;
    }
    copies.drop(place, page.value);
    offer();
  };
  const refuse = async (response, sent) => {
    if (response.status === 401) {
      sayUnsaved(form.dataset.signedOut);
      document.dispatchEvent(new CustomEvent("portal:signed-out"));
      later(AGAIN); // signing in again in another tab is enough
      return;
    }
    const json = response.headers.get("Content-Type")?.startsWith("application/json");
    const answer = json ? await response.json() : {};
    if (response.status >= 500 || response.status === 429 || response.ok) {
      sayUnsaved(form.dataset.failed);
      later(AGAIN);
      return;
    }
    if (answer.error === "conflict") {
      meet(answer, sent);
      return;
    }
    stopped = response.status !== 422;
    if (answer.kept) copies.drop(place, page.value); // the server holds it, for whoever writes the part now
    say(answer.words || form.dataset.refused);
  };
  // What was typed since is asked about too; then the text waits until the writer has chosen.
  const meet = (answer, sent) => {
    if (composing || state() !== sent) {
      later(WAIT);
      return;
    }
    stopped = field.readOnly = true;
    say(answer.words);
    document.dispatchEvent(new CustomEvent("portal:conflict", { detail: answer }));
  };
  const send = async (carried, choices = []) => {
    if (composing || stopped || !unsaved()) return;
    const sent = state();
    const body = new FormData(form);
    body.set("paragraph", field.value.slice(0, field.selectionStart).split(/\n+/).length); // others are told where
    for (const [name, value] of choices) body.set(name, value);
    const size = new TextEncoder().encode([...body.values()].join("")).length;
    keep();
    since = 0;
    clearTimeout(timer);
    say(form.dataset.saving);
    try {
      const response = await fetch(form.dataset.autosave, {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-CSRFToken": token(), "X-Requested-With": "fetch" },
        keepalive: carried && size < CARRIED,
        signal: carried || !AbortSignal.timeout ? undefined : AbortSignal.timeout(PATIENCE),
      });
      if (response.ok && !response.redirected) take(await response.json(), sent);
      else await refuse(response, sent);
    } catch (error) {
      console.warn(error);
      sayUnsaved(form.dataset.offline);
      if (choices.length) stopped = field.readOnly = true; // the choices still stand in the panel
      else later(AGAIN);
    }
  };
  const save = (carried = false) => {
    sending ||= send(carried).finally(() => {
      sending = null;
    });
    return sending;
  };

  // What an earlier page left on this computer, when that page is no longer open.
  const offer = async () => {
    const done = new URLSearchParams(location.search).get("saved");
    for (const copy of await copies.left(place, page.value)) {
      // The address tells that the page was saved by its button; the joined text may differ from the copy.
      if (copy.page === done || NAMES.every((name) => copy[name] === form.elements[name].value)) {
        copies.drop(place, copy.page);
        continue;
      }
      if (!box.hidden || unsaved()) return;
      box.querySelector("[data-kept-words]").textContent = form.dataset.found.replace("{time}", copies.when(copy.at));
      box.querySelector("[data-kept-restore]").onclick = () => restore(copy);
      box.querySelector("[data-kept-drop]").onclick = () => {
        copies.drop(place, copy.page);
        box.hidden = true;
        field.focus();
        offer();
      };
      box.hidden = false;
      return;
    }
  };
  const restore = (copy) => {
    for (const name of NAMES) form.elements[name].value = copy[name] ?? "";
    base.value = copy.base; // what others saved since is joined in by the server
    if (was) was.value = copy.page; // what that page itself saved last is this very text
    box.hidden = true;
    keep();
    if (keptHere) copies.drop(place, copy.page);
    say(form.dataset.restored);
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  form.addEventListener("compositionstart", () => {
    composing = true;
    clearTimeout(timer);
  });
  form.addEventListener("compositionend", () => {
    composing = false;
    typed();
  });
  form.addEventListener("input", (event) => {
    if (!NAMES.includes(event.target.name)) return;
    if (!composing && !event.isComposing) typed();
  });
  form.addEventListener("focusout", () => {
    composing = false;
    save();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || !unsaved()) return;
    keep(); // also what is being composed
    save(true);
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    if (unsaved()) save();
    else say(form.dataset.nothing);
  });
  window.addEventListener("online", () => save());
  document.addEventListener("portal:signed-in", () => save());
  document.addEventListener("portal:settled", (event) => {
    stopped = field.readOnly = false;
    sending ||= send(false, event.detail).finally(() => {
      sending = null;
      field.focus();
    });
  });
  document.addEventListener("portal:signing-out", (event) => {
    const settled = async () => {
      await save();
      if (unsaved()) await save(); // the first may have been of older text
      if (unsaved()) say(form.dataset.stay);
      return !unsaved();
    };
    if (unsaved()) event.detail.push(settled());
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved() && !keptHere && !leaving) event.preventDefault();
  });
  form.addEventListener("submit", () => {
    keep(); // the answer may be a sign-in page
    clearTimeout(timer);
    stopped = leaving = true;
    setTimeout(() => {
      stopped = leaving = false; // still here: the answer never came
      if (unsaved()) save();
    }, PATIENCE);
  });
  offer();
})();

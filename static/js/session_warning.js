// Warns before the idle limit; typing, clicking and every answer of the server count as being there.
(() => {
  const box = document.querySelector("[data-session-warning]");
  if (!box) return;
  const text = box.querySelector("[data-session-text]");
  const button = box.querySelector("[data-session-extend]");
  const live = document.getElementById("live");
  const idle = Number(box.dataset.idleSeconds) * 1000;
  const ahead = Math.min(Number(box.dataset.warnSeconds) * 1000, idle / 2);
  let known = Date.now(); // when the server last saw this person
  let active = false; // something was typed or pressed since then
  const again = box.querySelector("[data-sign-in-again]");

  const say = (words) => {
    text.textContent = words;
    live.textContent = words;
  };
  const seen = () => {
    known = Date.now();
    active = false;
    box.hidden = true;
    again.hidden = true;
    button.hidden = false;
    text.textContent = "";
  };
  const extend = async (pressed) => {
    active = false; // one request, not one at every tick until it is answered
    try {
      const token = JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
      const answer = await fetch(box.dataset.extendUrl, {
        method: "POST",
        headers: { "X-CSRFToken": token, Accept: "application/json" },
        redirect: "error",
      });
      if (answer.status === 401) {
        known = 0;
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      seen();
      if (pressed) live.textContent = box.dataset.extended;
    } catch {
      box.hidden = false;
      say(box.dataset.failed);
    }
  };
  const look = () => {
    const left = idle - (Date.now() - known);
    if (left > ahead) return;
    if (left > 0 && active) {
      extend(false);
    } else if (left <= 0 && text.textContent !== box.dataset.ended) {
      box.hidden = false;
      button.hidden = true;
      again.hidden = false; // the cursor stays where the person types
      say(box.dataset.ended);
    } else if (left > 0 && box.hidden) {
      // Said once, not at every tick.
      box.hidden = false;
      say(box.dataset.said);
    }
  };
  for (const kind of ["input", "keydown", "pointerdown"]) {
    document.addEventListener(kind, (event) => {
      if (!box.contains(event.target)) active = true;
    });
  }
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) seen();
  });
  document.addEventListener("portal:seen", seen); // sent by autosave
  document.addEventListener("portal:signed-out", () => {
    known = 0;
    look();
  });
  button.addEventListener("click", () => extend(true));
  setInterval(look, 1000);
})();

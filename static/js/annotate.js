// Notes beside the text: laid out in the margin, tied to their passage, written by selecting or by keyboard.
(() => {
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet) return;
  const wide = window.matchMedia("(min-width: 1101px)");
  const printing = window.matchMedia("print");
  const cards = [...sheet.querySelectorAll("[data-note-card]")];
  const GAP = 12;
  let current = null;

  const card = (id) => sheet.querySelector(`[data-note-card="${id}"]`);
  const marks = (id) => [...sheet.querySelectorAll("mark[data-notes]")].filter((m) => m.dataset.notes.split(" ").includes(id));
  const say = (words) => {
    document.getElementById("live").textContent = words;
  };

  // Margin: each note beside its passage, pushed apart where they meet; the current one keeps its line.
  const place = () => {
    const beside = wide.matches && !printing.matches;
    sheet.classList.toggle("placed", beside);
    sheet.style.minHeight = "";
    const placed = cards.filter((c) => c.closest(".block-notes"));
    if (!beside) {
      for (const c of placed) c.style.top = "";
      return;
    }
    const origin = sheet.getBoundingClientRect().top;
    const wanted = placed.map((c) => {
      const anchor = marks(c.dataset.noteCard)[0] || c.closest(".block");
      return anchor.getBoundingClientRect().top - origin - 8;
    });
    const heights = placed.map((c) => c.offsetHeight);
    const tops = [];
    const push = (from) => {
      for (let i = from; i < placed.length; i += 1) {
        const free = i ? tops[i - 1] + heights[i - 1] + GAP : 0;
        tops[i] = Math.max(wanted[i], free);
      }
    };
    push(0);
    const pinned = placed.indexOf(current);
    if (pinned >= 0) {
      tops[pinned] = Math.max(0, wanted[pinned]);
      for (let i = pinned - 1; i >= 0; i -= 1) tops[i] = Math.min(tops[i], tops[i + 1] - heights[i] - GAP);
      if (tops[0] < 0) {
        const short = -tops[0];
        for (let i = 0; i <= pinned; i += 1) tops[i] += short;
      }
      push(pinned + 1);
    }
    placed.forEach((c, i) => {
      c.style.top = `${tops[i]}px`;
    });
    const last = placed.length - 1;
    if (last >= 0) sheet.style.minHeight = `${tops[last] + heights[last]}px`;
  };
  let asked = 0;
  const replace = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(place);
  };
  const watch = new ResizeObserver(replace);
  watch.observe(sheet);
  for (const c of cards) watch.observe(c);
  printing.addEventListener("change", place);

  const count = document.querySelector("[data-note-count]");
  const reveal = (element) => {
    const box = element.getBoundingClientRect();
    if (box.top < 0 || box.bottom > window.innerHeight) element.scrollIntoView({ block: "center" });
  };
  const choose = (chosen, { focus = false, show = null } = {}) => {
    if (!chosen) return;
    current = chosen;
    for (const old of sheet.querySelectorAll(".current")) old.classList.remove("current");
    chosen.classList.add("current");
    const own = marks(chosen.dataset.noteCard);
    for (const m of own) m.classList.add("current");
    if (own[0]) own[0].closest(".para, tr").classList.add("current");
    place();
    if (count) {
      const number = cards.indexOf(chosen) + 1;
      count.textContent = count.dataset.words.replace("{n}", number).replace("{total}", cards.length);
    }
    if (focus) chosen.focus({ preventScroll: true });
    reveal(show || chosen);
  };
  sheet.addEventListener("click", (event) => {
    const number = event.target.closest("a[data-note]");
    if (number) {
      event.preventDefault();
      choose(card(number.dataset.note), { focus: true });
      return;
    }
    const mark = event.target.closest("mark[data-notes]");
    if (mark && window.getSelection().isCollapsed) {
      choose(card(mark.dataset.notes.split(" ")[0]), { focus: true });
      return;
    }
    const noted = event.target.closest("[data-note-card]");
    if (noted && !event.target.closest("a, button, summary, input, textarea, label")) {
      choose(noted, { focus: true, show: marks(noted.dataset.noteCard)[0] });
    }
  });
  sheet.addEventListener("focusin", (event) => {
    const noted = event.target.closest("[data-note-card]");
    if (noted && noted !== current) choose(noted, { show: event.target });
  });
  for (const button of document.querySelectorAll("[data-note-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const step = Number(button.dataset.noteStep);
      const at = current ? cards.indexOf(current) + step : step > 0 ? 0 : cards.length - 1;
      const next = cards[(at + cards.length) % cards.length];
      choose(next, { focus: true, show: marks(next.dataset.noteCard)[0] });
    });
  }
  const named = sheet.dataset.current || (location.hash.match(/^#note-(\d+)$/) || [])[1];
  place();
  if (named) choose(card(named), { focus: true });

  // The outline shows which part is being read.
  const links = [...document.querySelectorAll("[data-outline]")];
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries.filter((e) => e.isIntersecting)) {
        for (const link of links) link.removeAttribute("aria-current");
        const link = links.find((l) => l.hash === `#${entry.target.id}`);
        if (link) link.setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "0px 0px -70% 0px" },
  );
  for (const link of links) {
    const heading = document.getElementById(link.hash.slice(1));
    if (heading) seen.observe(heading);
  }

  // Writing.
  const address = sheet.dataset.annotate;
  if (!address) return;
  const atSelection = sheet.querySelector("[data-selection-button]");
  let selected = null;
  let lastParagraph = null;

  // Offsets count code points of the plain text; the small numbers of the notes are not part of it.
  const points = (text, node, offset) => {
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(node, offset);
    const copy = before.cloneContents();
    for (const other of copy.querySelectorAll("sup, .note-here")) other.remove();
    return [...copy.textContent].length;
  };
  const textOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(".para")?.querySelector(".para-text");
  // A drag often ends in the margin or the next paragraph: what was selected of the paragraph it began in counts.
  const partOf = (range, text) => {
    const part = range.cloneRange();
    const whole = document.createRange();
    whole.selectNodeContents(text);
    if (part.compareBoundaryPoints(Range.START_TO_START, whole) < 0) part.setStart(text, 0);
    if (part.compareBoundaryPoints(Range.END_TO_END, whole) > 0) part.setEnd(text, text.childNodes.length);
    return part;
  };
  const read = () => {
    const chosen = window.getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0);
    const text =
      textOf(chosen.anchorNode) || [...sheet.querySelectorAll(".para-text")].find((t) => range.intersectsNode(t));
    if (!text) return null;
    const part = partOf(range, text);
    const start = points(text, part.startContainer, part.startOffset);
    const end = points(text, part.endContainer, part.endOffset);
    const lines = part.getClientRects();
    return end > start ? { paragraph: text.closest(".para"), start, end, box: lines[lines.length - 1] } : null;
  };
  // Shown when the mouse has let go: under a moving pointer the button would end the selection at itself.
  let pressed = false;
  const offer = () => {
    selected = read();
    atSelection.hidden = pressed || !selected;
    if (atSelection.hidden) return;
    const origin = sheet.getBoundingClientRect();
    const left = Math.min(selected.box.right - origin.left, origin.width - atSelection.offsetWidth);
    atSelection.style.left = `${Math.max(0, left)}px`;
    atSelection.style.top = `${selected.box.bottom - origin.top + 4}px`;
  };
  document.addEventListener("selectionchange", offer);
  sheet.addEventListener("pointerdown", (event) => {
    pressed = event.pointerType === "mouse" && event.button === 0 && event.target !== atSelection;
    if (pressed) atSelection.hidden = true;
  });
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => {
      if (!pressed) return;
      pressed = false;
      // A press on selected words takes them away only after this event.
      requestAnimationFrame(offer);
    });
  }
  // A press on the button must not take the selection away.
  atSelection.addEventListener("mousedown", (event) => event.preventDefault());

  const composer = document.createElement("div");
  composer.dataset.composer = "";
  let opener = null;
  const written = () => [...composer.querySelectorAll("textarea")].some((field) => field.value.trim());
  const close = () => {
    composer.remove();
    composer.replaceChildren();
    replace();
    if (opener) opener.focus();
  };
  const open = (from, after, query) => {
    if (composer.isConnected && written()) {
      composer.querySelector("textarea").focus();
      return;
    }
    opener = from;
    after.after(composer);
    atSelection.hidden = true;
    window.htmx.ajax("GET", `${address}?${new URLSearchParams(query)}`, { target: composer, swap: "innerHTML" });
  };
  const openParagraph = (paragraph, span = {}) => {
    const { section, target, id } = paragraph.dataset;
    const table = paragraph.closest("table");
    open(paragraph, table ? table.closest(".block").querySelector("[data-composer-place]") : paragraph, { section, target, id, ...span });
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target !== composer) return;
    const wrong = composer.querySelector("[data-error-summary]");
    const first = wrong || composer.querySelector("input:not([type=hidden]), textarea");
    if (first) first.focus();
    reveal(composer);
    replace();
  });
  const openSelected = () => openParagraph(selected.paragraph, { start: selected.start, end: selected.end });
  atSelection.addEventListener("click", () => selected && openSelected());
  sheet.addEventListener("focusin", (event) => {
    const paragraph = event.target.closest(".para");
    if (paragraph) lastParagraph = paragraph;
  });
  sheet.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && event.target.matches(".para")) {
      event.preventDefault();
      if (selected && selected.paragraph === event.target) openSelected();
      else openParagraph(event.target);
    }
  });
  // Wherever the focus stands: the form may have opened a moment before it takes the focus.
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.key !== "Escape" || !composer.isConnected || written()) return;
    if (composer.contains(event.target) || !event.target.closest("input, textarea, select, dialog")) close();
  });
  sheet.addEventListener("click", (event) => {
    const link = event.target.closest("a.note-here");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const row = link.closest("tr");
      if (row) open(link, row.closest(".block").querySelector("[data-composer-place]"), new URL(link.href).searchParams);
      else openParagraph(link.closest(".para"));
    }
    if (event.target.closest("[data-composer-close]")) {
      event.preventDefault();
      close();
    }
  });
  for (const button of document.querySelectorAll("[data-note-add]")) {
    button.hidden = false;
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      if (selected) openSelected();
      else if (lastParagraph) openParagraph(lastParagraph);
      else {
        let hint = document.querySelector("[data-note-hint]");
        if (!hint) {
          hint = document.createElement("p");
          hint.dataset.noteHint = "";
          hint.className = "small";
          button.closest("[data-note-tools]").after(hint);
        }
        hint.textContent = button.dataset.hint;
        say(button.dataset.hint);
      }
    });
  }
})();

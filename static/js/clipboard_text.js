// What Word or WPS puts on the clipboard as HTML, read as the paragraphs of our plain text; nothing of it is executed.
(() => {
  const BLOCKS = new Set("ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CENTER DD DIV DL DT FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION UL".split(" "));
  const SKIPPED = new Set("HEAD LINK META SCRIPT STYLE TITLE XML NOSCRIPT TEMPLATE SELECT TEXTAREA".split(" "));
  const CJK = "\\u2e80-\\u2fff\\u3001-\\u303f\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\uff01-\\uffef“”‘’";
  // Word wraps its source: a break between two Chinese characters is no space.
  const WRAPPED = new RegExp(`([${CJK}])[ \\t]*\\r?\\n[ \\t\\r\\n]*(?=[${CJK}])`, "g");
  const EDGES = /^[\s\u3000]+|[\s\u3000]+$/g;
  const NUMBER = /[0-9０-９一二三四五六七八九十百零〇①-⑳㈠-㈩a-zA-Zⅰ-ⅻⅠ-Ⅻ]/;
  const DIGITS = "零一二三四五六七八九";

  const chinese = (n) => {
    if (n > 99) return String(n);
    const tens = Math.floor(n / 10);
    return `${tens > 1 ? DIGITS[tens] : ""}${tens ? "十" : ""}${n % 10 || !tens ? DIGITS[n % 10] : ""}`;
  };
  const letters = (n) => (n > 26 ? letters(Math.floor((n - 1) / 26)) : "") + String.fromCharCode(97 + ((n - 1) % 26));
  const LEVELS = [(n) => `${chinese(n)}、`, (n) => `（${chinese(n)}）`, (n) => `${n}.`, (n) => `（${n}）`];
  const clean = (text) => text.replace(WRAPPED, "$1").replace(/\s+/g, " ").replace(EDGES, "");
  // “1.” before a figure would read as one number.
  const joined = (marker, text) => (marker && /\.$/.test(marker) && /^[0-9]/.test(text) ? `${marker} ${text}` : marker + text);
  const STYLE = "data-style";
  // The policy forbids inline styles even in a document that is only read; ours is to look at them, not to apply them.
  const withoutStyle = (html) =>
    html.replace(/<style[^>]*>[\s\S]*?<\/style>/gi, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(\s)style(\s*=)/gi, `$1${STYLE}$2`));
  const style = (element) => (element.getAttribute(STYLE) || "").toLowerCase();

  class Reader {
    constructor() {
      this.lines = [];
      this.parts = [];
      this.marker = "";
      this.counts = { paragraphs: 0, tables: 0, merged: 0, pictures: 0, deleted: 0, comments: 0 };
      this.numbers = new Map(); // counters of lists whose numbers did not come along
      this.lists = [];
    }

    flush() {
      const text = clean(this.parts.join(""));
      if (text) {
        this.lines.push(joined(this.marker, text));
        this.counts.paragraphs += 1;
        this.marker = "";
      }
      this.parts = [];
    }

    children(node) {
      for (const child of node.childNodes) this.read(child);
    }

    read(node) {
      if (node.nodeType === 3) {
        this.parts.push(node.data);
        return;
      }
      if (node.nodeType !== 1) return;
      const name = node.tagName.toUpperCase();
      const look = style(node);
      if (SKIPPED.has(name) || this.leftOut(name, look)) return;
      if (name === "BR") {
        this.flush();
      } else if (name === "TABLE") {
        this.table(node);
      } else if (/mso-list:\s*ignore/.test(look)) {
        this.number(node);
      } else if (BLOCKS.has(name)) {
        this.block(node, name, look);
      } else {
        this.children(node);
      }
    }

    leftOut(name, look) {
      if (name === "IMG" || name === "V:IMAGEDATA" || name === "SVG" || name === "OBJECT") this.counts.pictures += 1;
      else if (name === "DEL") this.counts.deleted += 1;
      else if (/mso-element:\s*comment/.test(look)) this.counts.comments += 1;
      else return /display:\s*none|mso-hide:\s*all/.test(look);
      return true;
    }

    number(node) {
      const text = clean(node.textContent);
      const styled = [node.parentElement, node, ...node.querySelectorAll(`[${STYLE}]`)];
      const drawn = styled.some((element) => /wingdings|symbol/.test(style(element))); // a bullet written as a letter
      this.marker = text && NUMBER.test(text) && !drawn ? text : "";
      this.hasNumber = true;
    }

    block(node, name, look) {
      this.flush();
      if (name === "OL" || name === "UL") {
        this.list(node, name, look);
        return;
      }
      this.marker = "";
      this.hasNumber = false;
      if (name === "LI") this.marker = this.item(node);
      const listed = look.match(/mso-list:\s*(\S+)\s+level(\d)/);
      this.children(node);
      if (listed && !this.hasNumber && clean(this.parts.join(""))) this.marker = this.counted(listed[1], Number(listed[2]));
      this.flush();
      this.marker = "";
    }

    counted(list, level) {
      const own = this.numbers.get(list) || [];
      own.length = level;
      own[level - 1] = (own[level - 1] || 0) + 1;
      this.numbers.set(list, own);
      return LEVELS[Math.min(level, 4) - 1](own[level - 1]);
    }

    list(node, name, look) {
      const kind = name === "UL" ? "" : look.match(/list-style-type:\s*([\w-]+)/)?.[1] || node.getAttribute("type") || "decimal";
      const depth = this.lists.filter((list) => list.kind).length;
      this.lists.push({ kind, depth, next: Number(node.getAttribute("start")) || 1 });
      this.children(node);
      this.flush();
      this.lists.pop();
    }

    item(node) {
      const list = this.lists.at(-1);
      if (!list || !list.kind || list.kind === "none") return "";
      const number = Number(node.getAttribute("value")) || list.next;
      list.next = number + 1;
      if (/cjk|chinese|ideographic|japanese/.test(list.kind)) return LEVELS[Math.min(list.depth, 1)](number);
      if (/alpha|latin|^a$/i.test(list.kind)) return `${letters(number)}.`;
      return LEVELS[list.depth ? 3 : 2](number);
    }

    table(node) {
      this.flush();
      const filled = this.rows(node).filter((row) => row.some(Boolean));
      const width = Math.max(0, ...filled.map((row) => row.length));
      if (width < 2) {
        for (const row of filled) for (const text of row[0].split("\n")) this.lines.push(text);
        this.counts.paragraphs += filled.length;
        return;
      }
      // The form that applications/prose_tables.py reads.
      for (const row of filled) {
        const cells = Array.from({ length: width }, (_none, at) => (row[at] || "").replace(/\|/g, "｜").replace(/\s*\n\s*/g, " "));
        this.lines.push(`| ${cells.join(" | ")} |`);
      }
      this.counts.tables += 1;
    }

    // A merged cell keeps its text in its first place; the places it covers stay empty, so that columns hold.
    rows(node) {
      const found = [...node.rows].map(() => []);
      [...node.rows].forEach((row, down) => {
        let across = 0;
        for (const cell of row.cells) {
          while (found[down][across] !== undefined) across += 1;
          const [tall, broad] = [Math.min(cell.rowSpan || 1, found.length - down), Math.min(cell.colSpan || 1, 40)];
          if (tall > 1 || broad > 1) this.counts.merged += 1;
          for (let y = 0; y < tall; y += 1) for (let x = 0; x < broad; x += 1) found[down + y][across + x] = "";
          found[down][across] = this.cell(cell);
          across += broad;
        }
      });
      return found.map((row) => Array.from(row, (text) => text || ""));
    }

    cell(node) {
      const inner = new Reader();
      inner.children(node);
      inner.flush();
      for (const what of ["pictures", "deleted", "comments"]) this.counts[what] += inner.counts[what];
      return inner.lines.join("\n");
    }
  }

  const fromHtml = (html) => {
    const reader = new Reader();
    reader.children(new DOMParser().parseFromString(withoutStyle(html), "text/html").body);
    reader.flush();
    return { lines: reader.lines, ...reader.counts };
  };

  // Half-width punctuation between Chinese characters; figures, addresses and Latin text keep theirs.
  const HAN = "\\u3400-\\u9fff\\uf900-\\ufaff";
  const WIDE = { ",": "，", ";": "；", ":": "：", "!": "！", "?": "？", ".": "。" };
  const AFTER_HAN = new RegExp(`([${HAN}”’》）】」])([,;:!?])[ \\t]*`, "g");
  const BEFORE_HAN = new RegExp(`([0-9A-Za-z%％])([,;:!?])[ \\t]*(?=[${HAN}“《（【「])`, "g");
  const STOP = new RegExp(`([^\\n]?)([${HAN}”’》）】」])\\.(?=[ \\t]*(?:$|[${HAN}“]))`, "gm");
  const BRACKETS = new RegExp(`\\(([^()\\n]*[${HAN}][^()\\n]*)\\)`, "g");
  const halfWidth = (text) => {
    let count = 0;
    let example = "";
    const wide = (number, at, whole) => {
      count += number;
      if (!example) example = whole.slice(Math.max(0, at - 4), at + 6).split("\n")[at < 4 ? 0 : whole.slice(Math.max(0, at - 4), at + 1).split("\n").length - 1];
    };
    const mark = (_all, before, sign, at, whole) => {
      wide(1, at, whole);
      return before + WIDE[sign];
    };
    const fixed = text
      .replace(BRACKETS, (_all, inner, at, whole) => {
        wide(2, at, whole);
        return `（${inner}）`;
      })
      .replace(AFTER_HAN, mark)
      .replace(BEFORE_HAN, mark)
      .replace(STOP, (all, far, before, at, whole) => {
        if (!far && "一二三四五六七八九十".includes(before)) return all; // “一.” opens a heading
        wide(1, at, whole);
        return `${far}${before}。`;
      });
    return { count, example, fixed };
  };

  window.portalClipboard = { fromHtml, halfWidth };
})();

"""A page used without a mouse."""

FOCUSED = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const style = getComputedStyle(e), box = e.getBoundingClientRect();
    const bar = e.closest(".save-bar") ? null : document.querySelector(".save-bar")?.getBoundingClientRect();
    const covered = bar && box.top >= bar.top && box.bottom <= bar.bottom;
    return {
        tag: e.tagName, name: e.name || "", type: e.type || "", value: e.value || "", id: e.id,
        href: e.getAttribute("href") || "", text: (e.innerText || "").trim(), checked: e.checked === true,
        ring: style.outlineStyle !== "none" ? parseFloat(style.outlineWidth) : 0,
        seen: box.bottom > 0 && box.top < innerHeight && box.width > 0 && !covered,
    };
}"""


class Keys:
    """A person without a mouse; each place the focus comes to must show it."""

    def __init__(self, page):
        self.page = page

    def press(self, *keys: str) -> "Keys":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def write(self, text: str) -> "Keys":
        self.page.keyboard.insert_text(text)
        return self

    def focused(self) -> dict:
        return self.page.evaluate(FOCUSED) or {}

    def main(self) -> "Keys":
        """Take the skip link, which is the first thing on every page; a form sent from behind it leads there again."""
        if self.page.url.endswith("#main"):
            return self
        self.press("Tab")
        assert self.focused()["href"] == "#main", self.focused()
        return self.press("Enter")

    def to(self, most: int = 90, key: str = "Tab", **wanted) -> dict:
        """Press Tab until the focus has ``wanted``; attributes end with the value for ``href``."""
        passed = []
        for _step in range(most):
            self.press(key)
            now = self.focused()
            if not now:
                continue
            assert now["ring"] >= 2, f"no visible focus: {now}"
            assert now["seen"], f"the focus is out of sight: {now}"
            passed.append(now)
            if all(now[n].endswith(v) if n == "href" else now[n] == v for n, v in wanted.items()):
                return now
        raise AssertionError(f"{wanted} is not reached at {self.page.url}: {[p['text'] or p['name'] for p in passed]}")

    def go(self, part: str) -> "Keys":
        """Follow a link and wait for its page."""
        self.to(href=part)
        with self.page.expect_navigation():
            self.press("Enter")
        return self

    def leave(self, *keys: str) -> "Keys":
        with self.page.expect_navigation():
            self.press(*keys)
        return self

    def round(self) -> None:
        """The focus goes through the page and out of it, forwards and backwards: it is never trapped."""
        for key in ("Tab", "Shift+Tab"):
            for step in range(150):
                self.press(key)
                if step and (not self.focused() or self.focused()["href"] == "#main"):
                    break
            else:
                raise AssertionError(f"{key} never leaves {self.page.url}: {self.focused()}")

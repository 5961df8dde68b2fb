"""The shape of the source: layers, single writers, sizes, and what pages may not contain."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("portal", "applications", "review")
LAYER = {name: rank for rank, name in enumerate(APPS)}
# Inside an app: what a kind of module may not import, however deep in a function.
NEVER = {
    "models": {"services", "forms", "tasks", "views", "urls", "middleware"},
    "services": {"forms", "tasks", "views", "urls", "middleware"},
    "forms": {"views", "urls", "middleware"},
    "tasks": {"forms", "views", "urls", "middleware"},
    "views": {"urls"},
}
WRITERS_OF_STATE = {"review/machine.py", "review/batch_machine.py"}
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 60
CHINESE = re.compile(r"[\u3400-\u9fff]")
LATIN = re.compile(r"[A-Za-z]")


def sources(*folders: str, kinds=(".py",)) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            parts = path.relative_to(ROOT).parts
            if path.suffix in kinds and not {"migrations", "vendor", "__pycache__"} & set(parts):
                yield path


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


TREES = {name(path): ast.parse(path.read_text(encoding="utf-8")) for path in sources(*APPS)}
TEMPLATES = {name(p): p.read_text(encoding="utf-8") for p in sources("templates", kinds=(".html", ".txt"))}
ON_PAPER = ("templates/letters/", "templates/mail/", "templates/printed/")
PAGES = {path: text for path, text in TEMPLATES.items() if not path.startswith(ON_PAPER)}


def imports(path: str, tree: ast.AST) -> Iterator[str]:
    """Yield every module a file imports, relative ones resolved, imports inside functions too."""
    package = path.removesuffix(".py").split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *(node.module.split(".") if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def test_there_is_something_to_look_at():
    assert len(TREES) > 100
    assert len(PAGES) > 60


def test_lower_layers_never_import_upper_ones():
    upward = [
        (path, module)
        for path, tree in TREES.items()
        for module in imports(path, tree)
        if LAYER.get(module.split(".")[0], -1) > LAYER[path.split("/")[0]]
    ]
    assert upward == []


def kind_of(module: str) -> str:
    """Return models, services, forms, tasks, views or urls for a module of ours, otherwise nothing."""
    parts = module.removesuffix(".py").replace("/", ".").split(".")
    return parts[1] if len(parts) > 1 and parts[0] in LAYER else ""


def test_inside_an_app_nothing_imports_what_stands_above_it():
    wrong = {
        (path, module)
        for path, tree in TREES.items()
        for module in imports(path, tree)
        if kind_of(module) in NEVER.get(kind_of(path), ())
    }
    assert wrong == set()


def test_tests_and_debug_tools_are_imported_nowhere():
    tools = {"tests", "pytest", "pdb", "unittest"}
    assert [(p, m) for p, t in TREES.items() for m in imports(p, t) if m.split(".")[0] in tools] == []


def test_services_and_models_never_see_a_request():
    for path, tree in TREES.items():
        if kind_of(path) not in {"models", "services"}:
            continue
        assert not [m for m in imports(path, tree) if m.startswith("django.http")], path
        named = [a.arg for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) for a in n.args.args]
        assert "request" not in named, path


def state_writes(tree: ast.AST) -> Iterator[int]:
    writing = {"update", "create", "bulk_update", "bulk_create", "update_or_create", "get_or_create", "filter_update"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            flat = [e for t in targets for e in (t.elts if isinstance(t, ast.Tuple) else [t])]
            yield from (node.lineno for t in flat if isinstance(t, ast.Attribute) and t.attr == "state")
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called in writing | {"Case", "Batch"} and any(k.arg == "state" for k in node.keywords):
                yield node.lineno
            if called == "setattr" and getattr(node.args[1], "value", "") == "state":
                yield node.lineno


def test_the_machines_alone_write_a_state():
    found = {path for path, tree in TREES.items() if list(state_writes(tree))}
    assert found == WRITERS_OF_STATE


def test_views_find_their_objects_through_the_access_check():
    """A view takes what the middleware fetched; ``objects.get`` by an id from the address would ask nobody."""
    wrong = [
        (path, node.lineno)
        for path, tree in TREES.items()
        if kind_of(path) == "views"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".objects.get")
        and not ast.unparse(node).endswith("(pk=request.plan.pk)")
    ]  # fmt: skip
    assert wrong == []


def test_no_error_is_swallowed():
    wrong = [
        (path, node.lineno)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and not any(isinstance(inner, ast.Raise | ast.Call) for inner in ast.walk(node))
    ]
    assert wrong == []


def test_business_time_comes_from_the_clock():
    """Leases and sessions belong to processes and use machine time; everything else asks ``portal.clock``."""
    machine_time = {"portal/clock.py", "portal/outbox.py"}
    calls = re.compile(r"(timezone|datetime|date)\.(now|today|utcnow|localdate)$")
    found = {
        path
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and calls.search(ast.unparse(node.func)) and path not in machine_time
        and not ast.unparse(node.func).startswith(("clock.", "business_clock."))
    }  # fmt: skip
    assert found <= ALLOWED_MACHINE_TIME
    assert not [p for p, t in TREES.items() for k in ast.walk(t) if isinstance(k, ast.keyword) and k.arg in AUTO]


AUTO = {"auto_now", "auto_now_add"}
ALLOWED_MACHINE_TIME = {
    "portal/forms/accounts.py",  # the lock of the sign-in runs in machine time
    "review/letters/signing.py",  # a certificate's own dates
}


@pytest.mark.parametrize("kind", [".py", ".html", ".js", ".css"])
def test_no_file_is_too_long(kind):
    found = {
        name(path): lines
        for path in sources(*APPS, "templates", "static", "tests", "script", kinds=(kind,))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert found == {}


def test_no_function_is_too_long():
    found = {}
    for path in sources(*APPS, "tests", "script"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                if (node.end_lineno or first) - first + 1 > MOST_LINES_OF_A_FUNCTION:
                    found[f"{name(path)}:{node.name}"] = node.end_lineno - first + 1
    assert found.keys() <= {"tests/look/gallery.py:rows"}  # a page's sample rows, data only


# What a page may not contain ----------------------------------------------------------------------------------------

# Fields written by hand, and why the form helper does not write them.
BY_HAND = {
    "templates/base.html": "search bar",
    "templates/bootstrap5/layout/radio_checkbox_select.html": "the form pack's own field",
    "templates/portal/audit.html": "filter bar",
    "templates/portal/front.html": "verification bar",
    "templates/portal/_typed.html": "typed text handed back, read only",
    "templates/portal/posts.html": "one row a post",
    "templates/review/_margin_note.html": "annotation",
    "templates/review/assignments.html": "one row a member",
    "templates/review/board.html": "filter bar",
    "templates/review/people.html": "filter bar",
    "templates/review/plans.html": "filter bar",
    "templates/review/read.html": "filter bar",
    "templates/applications/_clashes.html": "editor",
    "templates/components/_session_warning.html": "signing in again inside any page",
}
FIELD = re.compile(r"<(input|select|textarea)\b[^>]*>", re.IGNORECASE)


def test_forms_are_written_by_the_form_helper():
    visible = {
        path
        for path, text in PAGES.items()
        if any('type="hidden"' not in field.group(0) for field in FIELD.finditer(text))
    }
    assert visible - BY_HAND.keys() == set()
    assert BY_HAND.keys() - visible == set(), "the list names a page that no longer needs it"


def test_no_inline_script_style_or_handler():
    inline = re.compile(
        r"<style\b|\sstyle\s*=|<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
    )
    assert {path: found.group(0) for path, text in PAGES.items() if (found := inline.search(text))} == {}


def test_pages_load_nothing_from_other_hosts():
    outside = re.compile(
        r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//|url\(\s*[\"']?(?:https?:)?//|@import", re.IGNORECASE
    )
    looked = dict(TEMPLATES) | {
        name(p): p.read_text(encoding="utf-8") for p in sources("static", kinds=(".js", ".css"))
    }
    assert {path: found.group(0) for path, text in looked.items() if (found := outside.search(text))} == {}
    hosts = re.compile(r"https?://([\w.-]+)")
    known = {"www.w3.org"}  # names of XML vocabularies, never fetched
    scripts = {p: set(hosts.findall(t)) - known for p, t in looked.items() if p.startswith("static/")}
    assert {path: found for path, found in scripts.items() if found} == {}


# Words --------------------------------------------------------------------------------------------------------------

BANNED = ("驳回", "不合格", "淘汰", "未通过", "排名", "得分", "名额", "竞争", "截止后不予受理")
SAID = ("不排名", "不评分")
TONE_HELPER = ("applications/", "review/samples/", "review/tone.py")


def translations() -> Iterator[tuple[str, polib.POEntry]]:
    for path in sorted((ROOT / "locale" / "parts").glob("*.po")):
        for entry in polib.pofile(str(path)):
            yield name(path), entry


def banned_in(text: str) -> list[str]:
    for allowed in SAID:
        text = text.replace(allowed, "")
    return [word for word in BANNED if word in text]


def test_banned_words_stand_in_no_page():
    looked = TEMPLATES | {name(p): p.read_text(encoding="utf-8") for p in sources("static", kinds=(".js",))}
    assert {path: found for path, text in looked.items() if (found := banned_in(text))} == {}


def test_banned_words_stand_in_no_translation():
    wrong = {}
    for path, entry in translations():
        said = " ".join([entry.msgstr, *entry.msgstr_plural.values()])
        if found := banned_in(said):
            wrong[f"{path}: {entry.msgid[:60]}"] = found
    assert wrong == {}


def is_english(text: str) -> bool:
    """A term or an example may be quoted in Chinese; the sentence around it is English."""
    return len(CHINESE.findall(text)) < max(1, len(LATIN.findall(text)))


UNITS = "亿元, 万元, %, 家, 万人 …"  # units are written in Chinese in both languages
GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


def test_source_strings_are_english():
    wrong = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in GETTEXT:
                texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                wrong += [(path, text) for text in texts if not is_english(text) and text != UNITS]
    assert wrong == []


def test_pages_speak_through_translations():
    """No Chinese is written into a page; letters and mails have their own rules of language."""
    comment = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|\{% translate .*?%\}", re.DOTALL)
    wrong = {path: found.group(0) for path, text in PAGES.items() if (found := CHINESE.search(comment.sub("", text)))}
    assert wrong.keys() <= SHOWN_IN_CHINESE


SHOWN_IN_CHINESE = {
    "templates/400.html",  # the three pages that must stand when nothing else does say everything twice
    "templates/500.html",
    "templates/503.html",
    "templates/review/_letter_text.html",  # a letter is Chinese in every language
}


def test_every_msgid_is_english_and_translated_once():
    seen: dict[tuple, str] = {}
    for path, entry in translations():
        assert is_english(entry.msgid) or entry.msgid == UNITS, (path, entry.msgid)
        key = (entry.msgctxt, entry.msgid)
        said = entry.msgstr or tuple(entry.msgstr_plural.values())
        assert seen.setdefault(key, said) == said, f"{path} says “{entry.msgid}” otherwise than another part"


def test_a_row_that_is_there_is_never_saved_as_a_whole():
    """A bare ``save()`` would write back what others changed meanwhile; see ``portal.saving``."""
    bare = [
        f"{path}:{node.lineno}"
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "save"
        and not node.args
        and not {k.arg for k in node.keywords} & {"update_fields", "force_insert", "commit", None}
    ]
    assert bare == []

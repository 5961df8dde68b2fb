"""Nothing typed is ever lost: what can happen to a writer happens here, with a real server and a real browser."""

import os
import signal
import time

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from applications.services import team, versions
from portal.roles import Role
from tests.browser.drafting import Editor, enter
from tests.builders import PASSWORD, person
from tests.journey.people import ARGS, chromium, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
SAVED = "已保存 "
COPIES = "Object.keys(localStorage).filter(n => n.startsWith('portal:copy:')).length"


@pytest.fixture
def _django_db_helper(desk):
    """Keep the world for the whole module instead of emptying the tables after each test."""


@pytest.fixture
def context(browser, desk):
    made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    yield enter(made, desk, desk.world.lead)
    made.close()


@pytest.fixture
def editor(context, desk):
    """Return ``editor(key, page)``: the opened editor of a part, its clock ready to be moved."""

    def _open(key, page=None):
        page = page or context.new_page()
        page.clock.install()
        return Editor(page, desk, key).open()

    return _open


def test_typing_is_saved_after_two_seconds_and_every_fifteen_while_it_goes_on(editor, desk):
    at = editor("policy")
    at.add("示例：两秒以后。").wait(2).sees(SAVED)
    desk.holds("policy", "示例：两秒以后。")
    with at.page.expect_request("**/save/"):
        at.field.press("Control+End")
        for number in range(16):
            at.page.keyboard.insert_text(f"连{number}，")
            at.wait(1)
    at.sees(SAVED)
    desk.holds("policy", "连12，")


def test_key_and_leaving_the_field_save_at_once(editor, desk):
    at = editor("support").add("示例：按键保存。")
    at.page.keyboard.press("Control+s")
    at.sees(SAVED)
    at.page.keyboard.press("Control+s")
    at.sees("已全部保存。")
    at.add("示例：离开即存。").field.blur()
    at.sees(SAVED)
    desk.holds("support", "示例：按键保存。", "示例：离开即存。")


def test_ten_minutes_without_a_network(editor, desk, context):
    at = editor("infrastructure")
    context.set_offline(True)
    at.add("示例：断网时写的。").wait(2).sees("没有网络。文字已存在本机")
    at.wait(600).add("示例：十分钟后写的。").wait(2).sees("没有网络")
    assert "断网" not in desk.text("infrastructure")
    context.set_offline(False)
    at.sees(SAVED)
    desk.holds("infrastructure", "示例：断网时写的。", "示例：十分钟后写的。")
    assert at.copies() == 0


def test_server_killed_in_the_middle_of_a_save(editor, desk):
    at = editor("services")
    desk.send(signal.SIGSTOP)
    with at.page.expect_request("**/save/"):
        at.add("示例：存到一半。").wait(2)
    with at.page.expect_event("requestfailed"):
        desk.send(signal.SIGKILL)
    at.sees("没有网络。文字已存在本机").add("示例：停机时写的。")
    desk.start()
    at.wait(16).sees(SAVED)
    desk.holds("services", "示例：存到一半。", "示例：停机时写的。")


def test_answer_lost_after_the_server_had_saved(editor, desk):
    at = editor("applications").add("示例：答复丢了，")

    def lose(route):
        route.fetch()
        route.abort()

    at.page.route("**/save/", lose, times=1)
    at.wait(2).sees("没有网络")
    desk.holds("applications", "示例：答复丢了，")
    at.page.keyboard.insert_text("接着写完。")
    at.wait(16).sees(SAVED)
    desk.holds("applications", "示例：答复丢了，接着写完。")


def test_tab_closed_right_after_typing(editor, desk):
    at = editor("steps").add("示例：关页前的一句。")
    at.page.close(run_before_unload=True)
    desk.holds("steps", "示例：关页前的一句。")


@pytest.fixture
def closing(desk):
    """Return a function that closes the parts for everybody; they are open again after the test."""
    was = tuple(desk.case.plan.open_parts)
    yield lambda: versions.set_open(desk.case.plan, ())
    versions.set_open(desk.case.plan, was)


def test_part_closed_while_it_is_written(editor, desk, closing):
    at = editor("projects").add("示例：关上时正在写。")
    closing()
    at.wait(2).sees("留在这一部分的修改历史里")
    assert "示例：关上时正在写。" in at.field.input_value()
    assert at.copies() == 0
    at.page.goto(f"{at.address}history/")
    expect(at.page.locator("main")).to_contain_text("示例：关上时正在写。")


def test_part_given_to_another_department_while_it_is_written(browser, desk):
    world, plan = desk.world, desk.case.plan
    context = enter(browser.new_context(locale="zh-CN"), desk, world.editor)
    page = context.new_page()
    page.clock.install()
    at = Editor(page, desk, "support").open().add("示例：交给别的部门时正在写。")
    team.divide(plan, "support", {_another(desk).organisation_id: "in_charge"}, by=world.lead)
    at.wait(2).sees("留在这一部分的修改历史里")
    page.reload()
    page.get_by_role("link", name="次保存：谁改了什么").or_(page.get_by_role("link", name="另外留下的文字")).click()
    expect(page.locator("main")).to_contain_text("示例：交给别的部门时正在写。")
    context.close()
    team.divide(plan, "support", {}, by=world.lead)


def _another(desk):
    return person(Role.CITY_EDITOR, team.add_department(desk.case.plan, "嘉兴市示例工信局", by=desk.world.lead))


def test_part_closed_while_the_network_was_away(editor, context, desk, closing):
    at = editor("appendix")
    context.set_offline(True)
    at.add("示例：断网时写的，再回来已经关上。").wait(2).sees("没有网络")
    at.page.close()
    closing()
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"{desk.url}/plans/{desk.ref}/sections/appendix/")
    left = page.locator("[data-left-copy]")
    expect(left).to_contain_text("这台电脑上还有你为这一部分写的、没有保存的文字")
    expect(left.locator("blockquote")).to_contain_text("示例：断网时写的，再回来已经关上。")
    left.get_by_role("button", name="不要了").click()
    expect(left).to_be_hidden()
    page.reload()
    expect(left).to_be_hidden()


def test_row_typed_before_its_table_closed_is_shown_for_copying(context, desk, closing):
    table = f"{desk.url}/plans/{desk.ref}/tables/milestones/"
    page = context.new_page()
    page.goto(f"{table}add/")
    page.locator("#id_title").fill("示例：没来得及保存的节点")
    page.locator("#id_area").select_option("policy")
    wait_for(lambda: page.evaluate(COPIES))
    page.close()
    closing()
    page = context.new_page()
    for address in (table, table.replace("/plans/", "/en/plans/")):
        page.goto(address)
        left = page.locator("[data-left-forms]")
        colon = ": " if "/en/" in address else "："
        lines = [f"时间节点{colon}示例：没来得及保存的节点", f"所属任务{colon}政策环境"]
        assert left.locator("blockquote").inner_text().split("\n") == lines
    page.goto(table)
    expect(left).to_contain_text("还需要的请复制下来")
    left.get_by_role("button", name="不要了").click()
    expect(left).to_be_hidden()
    assert page.evaluate(COPIES) == 0


@pytest.mark.parametrize(("days", "offered"), [(13, True), (15, False)])
def test_copy_outlasts_a_long_holiday_and_not_much_more(editor, context, desk, days, offered):
    at = editor("steps")
    context.set_offline(True)
    at.add("示例：节前没有保存的一段。").wait(2).sees("没有网络")
    at.page.close()
    context.set_offline(False)
    page = context.new_page()
    page.clock.install(time=time.time() + days * 24 * 3600)
    page.goto(at.address)
    if offered:
        expect(page.locator(".notice[data-kept]")).to_contain_text("本机还有一份没有保存的文字")
        page.get_by_role("button", name="不要了").click()
    assert page.evaluate(COPIES) == 0


def test_browser_killed_while_the_server_was_away(playwright, desk, tmp_path):
    def launch():
        found = playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium(), args=ARGS, locale="zh-CN"
        )
        return enter(found, desk, desk.world.lead)

    context = launch()
    at = Editor(context.pages[0], desk, "safeguards").open()
    desk.send(signal.SIGKILL)
    at.add("示例：浏览器被杀前写的。").sees("没有网络。文字已存在本机")
    _kill_browser(tmp_path / "profile", at.copies)
    desk.start()
    context = launch()
    at = Editor(context.pages[0], desk, "safeguards").open()
    at.page.get_by_role("button", name="放回来").click()
    at.sees(SAVED)
    desk.holds("safeguards", "示例：浏览器被杀前写的。")
    assert at.copies() == 0
    context.close()


def _kill_browser(profile, copies) -> None:
    """End every process of the profile as a power cut would, once the copy is on the disk."""
    assert copies() == 1
    stores = profile / "Default" / "Local Storage" / "leveldb"
    wait_for(lambda: any(b"portal:copy:" in f.read_bytes() for f in stores.glob("*.log")))
    for folder in os.listdir("/proc"):
        if folder.isdigit():
            try:
                with open(f"/proc/{folder}/cmdline", "rb") as found:
                    ours = f"--user-data-dir={profile}".encode() in found.read()
            except OSError:
                continue
            if ours:
                os.kill(int(folder), signal.SIGKILL)


def test_two_tabs_of_one_person(editor, desk):
    one, two = editor("basis"), editor("basis")
    one.add("示例：第一个标签页。").wait(2).sees(SAVED)
    two.field.press("Control+Home")
    two.page.keyboard.insert_text("示例：另一处由同一人补写。\n")
    two.wait(2).sees("已并入别人在其他段落的修改")
    desk.holds("basis", "示例：第一个标签页。", "示例：另一处由同一人补写。")
    assert "示例：第一个标签页。" in two.field.input_value()


def test_same_paragraph_in_two_tabs_meets_in_a_panel(editor, desk):
    one, two = editor("policy"), editor("policy")
    desk.holds("policy", "60%")
    one.field.fill(one.field.input_value().replace("60%", "65%"))
    one.wait(2).sees(SAVED)
    two.field.fill(two.field.input_value().replace("到2028年覆盖", "到2028年底覆盖"))
    two.wait(2).sees("请在下面选择")
    panel = two.page.locator("[data-conflict-panel]")
    joined = panel.locator("textarea")
    assert joined.input_value() == "到2028年底覆盖率达到65%。"
    panel.get_by_label("用我的").check()
    assert joined.input_value() == "到2028年底覆盖率达到60%。"
    joined.fill("到2028年底覆盖率达到66%。")
    assert panel.get_by_label("按“合并后”的文字").is_checked()
    panel.get_by_role("button").click()
    two.sees(SAVED)
    assert not panel.is_visible()
    desk.holds("policy", "到2028年底覆盖率达到66%。")
    two.add("示例：选过以后接着写。").wait(2).sees(SAVED)
    desk.holds("policy", "到2028年底覆盖率达到66%。", "示例：选过以后接着写。")


def test_composing_a_character_is_never_cut_short(editor, desk, context):
    at = editor("positioning")
    asked = []
    at.page.on("request", lambda request: asked.append(request.url) if "/save/" in request.url else None)
    at.field.press("Control+End")
    keyboard = context.new_cdp_session(at.page)
    keyboard.send("Input.imeSetComposition", {"text": "shili", "selectionStart": 5, "selectionEnd": 5})
    at.wait(30)
    assert asked == []
    keyboard.send("Input.insertText", {"text": "示例拼音。"})
    at.wait(2).sees(SAVED)
    desk.holds("positioning", "示例拼音。")
    assert "shili" not in desk.text("positioning")


def test_hundred_thousand_characters_are_saved_and_one_more_is_told(editor, desk):
    at = editor("projects")
    at.field.fill("字" * 99_999)
    at.wait(2).sees(SAVED)
    assert desk.text("projects") == "字" * 99_999
    at.field.fill("字" * 100_001)
    at.wait(2).sees("这部分最多 100000 字，现在有 100001 字")
    assert (at.copies(), len(desk.text("projects"))) == (1, 99_999)
    at.field.fill("字" * 50_000 + "\n" + "字" * 49_999)
    at.page.get_by_role("button", name="保存", exact=True).click()
    at.page.wait_for_url("**saved=**")
    assert len(desk.text("projects")) == 100_000


def test_storage_forbidden_is_said_and_the_page_holds_on(browser, desk):
    context = enter(browser.new_context(locale="zh-CN"), desk, desk.world.lead)
    context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full') }")
    page = context.new_page()
    page.clock.install()
    at = Editor(page, desk, "policy").open()
    context.set_offline(True)
    at.add("示例：无处可存。").wait(2).sees("请不要关闭这一页")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    wait_for(lambda: page.evaluate("1") and asked)
    assert asked == ["beforeunload"]
    context.set_offline(False)
    at.sees(SAVED)
    desk.holds("policy", "示例：无处可存。")
    context.close()


def test_signing_in_again_without_leaving_the_page(editor, desk):
    at = editor("support")
    Session.objects.all().delete()
    at.add("示例：过期后写的。").wait(2).sees("登录已过期。文字已存在本机")
    again = at.page.locator("[data-sign-in-again]")
    again.locator("[name=password]").fill("示例Wrong-1")
    again.get_by_role("button").click()
    again.locator("[data-sign-in-words]:not(:empty)").wait_for()
    assert "过期后" not in desk.text("support")
    again.locator("[name=password]").fill(PASSWORD)
    again.get_by_role("button").click()
    at.sees(SAVED)
    assert not at.page.locator("[data-session-warning]").is_visible()
    desk.holds("support", "示例：过期后写的。")
    # The button's own form carries the token of the new session.
    at.add("示例：再按保存。")
    at.page.get_by_role("button", name="保存", exact=True).click()
    at.page.wait_for_url("**saved=**")
    desk.holds("support", "示例：再按保存。")


def test_signing_out_waits_for_the_text_and_leaves_no_copy(editor, desk, context):
    at = editor("steps")
    context.set_offline(True)
    at.add("示例：退出前写的。").wait(2).sees("没有网络")
    at.page.get_by_role("button", name="退出").click()
    at.sees("还没有退出")
    context.set_offline(False)
    at.sees(SAVED)
    at.add("示例：退出时在路上。")
    at.page.get_by_role("button", name="退出").click()
    at.page.wait_for_url(desk.url + "/")
    desk.holds("steps", "示例：退出前写的。", "示例：退出时在路上。")
    assert at.copies() == 0


def test_form_is_offered_back_after_a_crash_and_given_up_when_saved(context, desk):
    address = f"{desk.url}/plans/{desk.ref}/records/coordination/"

    def opened():
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(address)
        return page, page.locator("main form textarea").first

    page, field = opened()
    field.fill("示例：每月召开一次协调会议。")
    wait_for(lambda: page.evaluate(COPIES))
    page.close()
    page, field = opened()
    page.get_by_role("button", name="放回来").click()
    assert field.input_value() == "示例：每月召开一次协调会议。"
    page.get_by_role("button", name="保存", exact=True).click()
    page.locator("main > .notice.success").wait_for()
    assert page.evaluate(COPIES) == 0
    page.close()
    page, field = opened()
    assert field.input_value() == "示例：每月召开一次协调会议。"

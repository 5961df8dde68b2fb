"""The section editor: saving, autosave, two writers, closed parts."""

import json

from applications.models import Section
from applications.services import history, versions
from portal import clock
from portal.models import AuditEntry
from review.states import State

NEW = "（一）示例：本段由本市另写，说明要做的事、责任部门和完成时间。"


def section(case, key="policy"):
    return Section.objects.get(plan=case.plan, key=key)


def address(case, key="policy", tail=""):
    return f"/plans/{case.plan.reference}/sections/{key}/{tail}"


def opened(client, case, key="policy"):
    """Open the page and return what its form would send."""
    form = client.get(address(case, key)).context["form"]
    return {name: form.initial.get(name, "") for name in form.fields}


def audits():
    return AuditEntry.objects.filter(action="section:save").count()


def test_saving_keeps_ids_and_says_so(client, world, case):
    client.force_login(world.lead.user)
    sent = opened(client, case)
    old = section(case).paragraphs
    response = client.post(address(case), {**sent, "text": sent["text"] + "\n\n" + NEW}, follow=True)
    row = section(case)
    assert [p["id"] for p in row.paragraphs[:2]] == [p["id"] for p in old]
    assert row.paragraphs[2]["text"] == NEW
    assert (row.revision, row.updated_by) == (1, world.lead)
    assert "“完善政策环境”已保存。" in response.content.decode()
    entry = AuditEntry.objects.get(action="section:save")
    assert json.loads(entry.text)["data"] == {
        "reference": case.plan.reference, "part": "policy", "revision": 1, "done": False,
    }  # fmt: skip
    case.plan.refresh_from_db()
    assert case.plan.part_changed_at("policy") == clock.now()


def test_saving_the_same_again_changes_nothing(client, world, case):
    client.force_login(world.lead.user)
    client.post(address(case), opened(client, case))
    assert (section(case).revision, audits()) == (0, 0)


def test_completing_and_signing_off(client, world, case):
    client.force_login(world.editor.user)
    client.post(address(case), {**opened(client, case), "act": "done"})
    assert (section(case).is_done, section(case).done_by) == (True, world.editor)
    client.force_login(world.lead.user)
    assert "待审定" in client.get(f"/plans/{case.plan.reference}/").content.decode()
    client.post(address(case), {**opened(client, case), "act": "done"})
    assert section(case).done_by == world.lead
    client.post(address(case), {**opened(client, case), "act": "later"})
    assert (section(case).is_done, section(case).done_by) == (False, None)


def test_two_writers_in_different_paragraphs_are_joined(client, world, case):
    client.force_login(world.editor.user)
    theirs = opened(client, case)
    client.force_login(world.lead.user)
    mine = opened(client, case)
    client.post(address(case), {**mine, "text": mine["text"].replace("60%", "65%")})
    client.force_login(world.editor.user)
    response = client.post(address(case), {**theirs, "text": NEW + "\n" + theirs["text"]}, follow=True)
    assert "双方的修改都已在正文里" in response.content.decode()
    assert section(case).text.split("\n")[0] == NEW
    assert section(case).text.endswith("到2028年覆盖率达到65%。")


def test_the_same_paragraph_shows_both_and_loses_nothing(client, world, case):
    client.force_login(world.lead.user)
    first, second = opened(client, case), opened(client, case)
    client.post(address(case), {**first, "text": first["text"].replace("60%", "65%")})
    sent = {**second, "text": second["text"].replace("60%", "70%")}
    response = client.post(address(case), sent)
    page = response.content.decode()
    assert response.status_code == 409
    assert "到2028年覆盖率达到65%。" in page
    assert "到2028年覆盖率达到70%。" in page
    assert section(case).revision == 1
    chosen = {**sent, "seen": 1, "choice-p1b": "mine"}
    client.post(address(case), chosen)
    assert section(case).text.endswith("到2028年覆盖率达到70%。")


def met(client, case):
    """Two texts of one paragraph; return what the second writer sent."""
    first, second = opened(client, case), opened(client, case)
    client.post(address(case), {**first, "text": first["text"].replace("60%", "65%") + "\n" + NEW})
    return {**second, "text": second["text"].replace("到2028年", "到2028年底")}


def test_page_offers_both_changes_joined_and_takes_what_is_written_there(client, world, case):
    client.force_login(world.lead.user)
    sent = met(client, case)
    page = client.post(address(case), sent)
    (clash,) = page.context["clashes"]
    assert clash["joined"] == "到2028年底覆盖率达到65%。"
    client.post(address(case), {**sent, "seen": 1, "choice-p1b": "written", "merged-p1b": "到2028年底达到65%。"})
    assert section(case).text.split("\n")[1:] == ["到2028年底达到65%。", NEW]


def test_written_choice_without_its_text_is_asked_again(client, world, case):
    client.force_login(world.lead.user)
    sent = met(client, case)
    assert client.post(address(case), {**sent, "seen": 1, "choice-p1b": "written"}).status_code == 409
    assert section(case).revision == 1


def test_joined_department_too_long_is_refused_in_words(client, world, case):
    client.force_login(world.lead.user)
    first, second = opened(client, case), opened(client, case)
    client.post(address(case), {**first, "department": "甲" * 50})
    sent = {**second, "department": "乙" * 50}
    assert client.post(address(case), sent).status_code == 409
    answer = client.post(address(case), {**sent, "seen": 1, "choice-department": "both"})
    assert answer.status_code == 422
    assert "最多 80 字，合在一起有 101 字" in answer.content.decode()
    assert section(case).department == "甲" * 50


def test_autosave_brings_the_panel_and_takes_its_choice(client, world, case):
    client.force_login(world.lead.user)
    sent = met(client, case)
    answer = autosave(client, case, sent).json()
    assert "请在下面选择" in answer["words"]
    assert 'name="merged-p1b"' in answer["panel"]
    settled = autosave(client, case, {**sent, "seen": 1, "choice-p1b": "mine"}).json()
    assert settled["revision"] == 2
    assert section(case).text.split("\n")[1:] == ["到2028年底覆盖率达到60%。", NEW]


def test_a_choice_made_on_an_older_text_is_asked_again(client, world, case):
    client.force_login(world.lead.user)
    first, second = opened(client, case), opened(client, case)
    client.post(address(case), {**first, "text": first["text"].replace("60%", "65%")})
    sent = {**second, "text": second["text"].replace("60%", "70%"), "seen": 0, "choice-p1b": "mine"}
    assert client.post(address(case), sent).status_code == 409
    assert section(case).text.endswith("到2028年覆盖率达到65%。")


def test_forged_base_is_refused_with_the_text_kept(client, world, case):
    client.force_login(world.lead.user)
    response = client.post(address(case), {**opened(client, case), "text": NEW, "base": "forged"})
    assert response.status_code == 409
    assert NEW in response.content.decode()
    assert section(case).revision == 0


def test_base_of_another_section_is_refused(client, world, case):
    client.force_login(world.lead.user)
    other = opened(client, case, "support")
    assert client.post(address(case), {**opened(client, case), "base": other["base"]}).status_code == 409


def autosave(client, case, sent, key="policy"):
    return client.post(address(case, key, "save/"), sent, headers={"accept": "application/json"})


def test_autosave_answers_with_the_next_base(client, world, case):
    client.force_login(world.lead.user)
    sent = opened(client, case)
    answer = autosave(client, case, {**sent, "text": sent["text"] + "\n" + NEW}).json()
    assert (answer["revision"], answer["words"]) == (1, "已保存 09:00")
    again = autosave(client, case, {**sent, "base": answer["base"], "text": sent["text"] + "\n" + NEW + "续写。"})
    assert (again.status_code, section(case).revision) == (200, 2)
    assert section(case).paragraphs[-1]["text"] == NEW + "续写。"


def test_autosave_after_a_lost_answer_is_not_a_conflict(client, world, case):
    client.force_login(world.lead.user)
    sent = opened(client, case)
    autosave(client, case, {**sent, "text": sent["text"].replace("60%", "61%")})
    answer = autosave(client, case, {**sent, "text": sent["text"].replace("60%", "62%")})
    assert answer.status_code == 200
    assert section(case).text.endswith("62%。")


def test_autosave_is_recorded_once_in_ten_minutes(client, world, case):
    client.force_login(world.lead.user)
    sent = opened(client, case)
    for number, minutes in ((1, 0), (2, 3), (3, 3), (4, 5)):
        clock.advance(minutes=minutes)
        sent["base"] = autosave(client, case, {**sent, "text": f"{NEW}{number}"}).json()["base"]
    assert (section(case).revision, audits()) == (4, 2)


def test_autosave_says_when_somebody_changed_the_same_paragraph(client, world, case):
    client.force_login(world.editor.user)
    theirs = opened(client, case)
    client.force_login(world.lead.user)
    mine = opened(client, case)
    autosave(client, case, {**mine, "text": mine["text"].replace("60%", "65%")})
    client.force_login(world.editor.user)
    answer = autosave(client, case, {**theirs, "text": theirs["text"].replace("60%", "70%")})
    assert (answer.status_code, answer.json()["error"]) == (409, "conflict")
    assert section(case).text.endswith("65%。")


def test_autosave_joins_and_sends_the_joined_text(client, world, case):
    client.force_login(world.editor.user)
    theirs = opened(client, case)
    client.force_login(world.lead.user)
    mine = opened(client, case)
    autosave(client, case, {**mine, "text": mine["text"].replace("60%", "65%")})
    client.force_login(world.editor.user)
    typed = NEW + "\n" + theirs["text"]
    answer = autosave(client, case, {**theirs, "text": typed}).json()
    assert answer["text"] == section(case).text
    # The writer typed on before the answer came: their own base keeps the other's change.
    autosave(client, case, {**theirs, "text": typed + "\n又一段。", "base": answer["own_base"]})
    assert section(case).text == typed.replace("60%", "65%") + "\n又一段。"


def test_signed_out_autosave_is_told_in_json(client, case):
    response = autosave(client, case, {"text": "x"})
    assert (response.status_code, response.json()) == (401, {"error": "signed_out"})


def test_part_that_is_not_open_is_refused_with_the_text_kept(client, world, case):
    client.force_login(world.lead.user)
    sent = opened(client, case)
    versions.set_open(case.plan, ("support",))
    response = client.post(address(case), {**sent, "text": NEW})
    assert response.status_code == 409
    assert NEW in response.content.decode()
    assert "“完善政策环境”在这一步不开放修改" in response.content.decode()
    answer = autosave(client, case, {**sent, "text": NEW})
    assert (answer.status_code, answer.json()["error"], answer.json()["kept"]) == (409, "closed", True)
    assert (section(case).revision, audits()) == (0, 0)
    again = autosave(client, case, sent)  # nothing was typed: there is nothing to keep
    assert (again.json()["error"], again.json()["kept"]) == ("closed", False)
    assert section(case).revisions.count() == 1


def test_refused_texts_have_an_upper_bound_and_the_page_keeps_what_is_over_it(client, world, case, monkeypatch):
    monkeypatch.setattr(history, "MOST_LOST", 2)
    client.force_login(world.lead.user)
    sent = opened(client, case)
    versions.set_open(case.plan, ("support",))
    answers = [autosave(client, case, {**sent, "text": f"{NEW}{n}"}).json() for n in range(3)]
    assert [answer["kept"] for answer in answers] == [True, True, False]
    assert answers[2]["words"] == (
        "“完善政策环境”在这一步不开放修改，只能改任务清单里开放的部分。 "
        "这一部分的修改历史里已有很多你未能保存的文字，这一次没有再存入：请从页面上复制。"
    )
    assert section(case).revisions.count() == 2
    again = autosave(client, case, {**sent, "text": f"{NEW}1"}).json()  # one of those kept already
    assert again["kept"] is True


def test_refused_while_the_plan_is_away(client, world):
    case = world.case(State.WITH_CHANNEL)
    client.force_login(world.lead.user)
    assert client.post(address(case), {"text": NEW}).status_code == 409
    assert section(case).revision == 0


def test_too_long(client, world, case):
    client.force_login(world.lead.user)
    response = client.post(address(case), {**opened(client, case), "text": "字" * 100_001})
    assert response.status_code == 422
    assert "这部分最多 100000 字" in response.content.decode()


def test_reason_of_an_area(client, world, case):
    client.force_login(world.lead.user)
    client.post(
        address(case),
        {**opened(client, case), "text": "", "not_focus_reason": "本市以应用为主。", "department": "市商务局"},
    )
    row = section(case)
    assert (row.paragraphs, row.not_focus_reason, row.department) == ([], "本市以应用为主。", "市商务局")


def test_a_change_undoes_the_release(world):
    from review.services import cases

    case = world.case(State.READY)
    cases.release(case, by=world.lead)
    case.refresh_from_db()
    assert case.release_stands
    clock.advance(minutes=1)
    from applications.services import records

    records.save(case.plan, "funds", {"sources": "另筹", "people": "", "amount": None}, by=world.lead, seen=_seen(case))
    case.refresh_from_db()
    case.plan.refresh_from_db()
    assert not case.release_stands
    cases.release(case, by=world.lead)
    case.refresh_from_db()
    assert case.release_stands


def _seen(case):
    from applications.models import Funds
    from applications.services.editing import fingerprint

    return fingerprint(Funds.objects.get(plan=case.plan), ["sources", "people", "amount"])

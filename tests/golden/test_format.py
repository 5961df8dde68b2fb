"""The golden tables can be read, are complete, and say that nobody generates them."""

import pytest

from tests.golden import (
    ACTORS,
    BATCH_MOVES,
    BATCH_STATES,
    HERE,
    MOVES,
    STATES,
    MalformedLine,
    load_access,
    load_moves,
    parse_access,
    parse_move,
)

MOVE_LINES = load_moves()
ACCESS_LINES = load_access()


def test_there_are_enough_lines():
    assert len(MOVE_LINES) >= 170
    assert len(ACCESS_LINES) >= 150


@pytest.mark.parametrize("name", ["moves.txt", "access.txt"])
def test_the_head_says_never_generated(name):
    head = (HERE / name).read_text(encoding="utf-8").splitlines()[:4]
    assert any("never generated" in line for line in head)


def test_every_move_is_allowed_somewhere_and_refused_somewhere():
    for batch, names in ((False, MOVES), (True, BATCH_MOVES)):
        lines = [line for line in MOVE_LINES if line.batch == batch]
        assert {line.move for line in lines if line.allowed} == names
        assert {line.move for line in lines if not line.allowed} == names


def test_every_state_is_reached_and_left():
    cases = [line for line in MOVE_LINES if line.allowed and not line.batch]
    assert {line.state for line in cases} == STATES
    assert {line.target for line in cases} == STATES
    batches = [line for line in MOVE_LINES if line.allowed and line.batch]
    assert {line.target for line in batches} == BATCH_STATES


def test_every_actor_appears_in_both_tables():
    assert {line.who for line in MOVE_LINES} == ACTORS
    assert {line.who for line in ACCESS_LINES} == ACTORS


def test_administrators_experts_and_strangers_move_nothing():
    idle = {"system_admin", "security_admin", "audit_admin", "anonymous", "expert", "city_editor"}
    assert not [line for line in MOVE_LINES if line.who in idle and line.allowed]
    assert not [line for line in MOVE_LINES if line.whose != "own" and line.allowed]


def test_one_move_from_one_state_has_one_target():
    targets = {}
    for line in MOVE_LINES:
        if line.allowed:
            targets.setdefault((line.batch, line.state, line.move), set()).add(line.target)
    assert {key: found for key, found in targets.items() if len(found) > 1} == {}


def test_working_text_is_opened_to_the_own_city_alone():
    opened = [line for line in ACCESS_LINES if "/sections/" in line.page and line.verdict == "allowed"]
    assert {(line.who, line.whose) for line in opened} == {("city_lead", "own"), ("city_editor", "own")}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("city_lead | own | draft | submit | allowed -> with_channel", "six cells"),
        ("mayor | own | draft | submit | refused | no such post", "unknown actor"),
        ("city_lead | mine | draft | submit | refused | no such relation", "unknown relation"),
        ("city_lead | own | sleeping | submit | refused | no such state", "unknown state"),
        ("city_lead | own | draft | approve_all | refused | no such move", "unknown move"),
        ("city_lead | own | draft | submit | allowed | no target", "names its target"),
        ("city_lead | own | draft | submit | allowed -> issued | a batch state", "unknown target state"),
        ("city_lead | own | draft | submit | refused -> returned | a target", "not “refused -> returned”"),
        ("city_lead | own | draft | submit | maybe | unsure", "not “maybe”"),
        ("city_lead | own |  | submit | refused | no state", "cell is empty"),
        ("city_lead | own | draft | submit | refused | why [state: draft]", "tag “state” is unknown"),
        ("city_lead | own | draft | submit | refused | why [needs: open", "not closed"),
        ("city_lead | own | draft | submit | refused | [needs: nothing]", "reason is missing"),
        ("city_lead | recused | draft | submit | refused | cities are not recused", "recusal covers"),
        ("lead_handler | own | proposed | batch:freeze | refused | a case state", "unknown state"),
    ],
)
def test_a_malformed_move_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        parse_move(1, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("expert | own | plans | GET | allowed | no slash", "begins and ends with a slash"),
        ("expert | own | /plans/ | FETCH | allowed | no such method", "unknown method"),
        ("expert | own | /plans/ | GET | maybe | no such verdict", "unknown verdict"),
        ("expert | own | /plans/ | GET | allowed | why [state: sleeping]", "unknown state"),
        ("expert | own | /plans/ | GET | allowed | why [batch: draft]", "unknown batch state"),
        ("expert | own | /plans/ | GET | allowed | why [part: the roof]", "unknown part"),
        ("expert | own | /plans/ | GET | allowed | why [state: draft] [state: ready]", "stands twice"),
    ],
)
def test_a_malformed_access_line_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        parse_access(1, text)


def test_an_error_names_file_and_line(tmp_path):
    path = tmp_path / "moves.txt"
    good = "city_lead | own | draft | submit | allowed -> with_channel | the city sends"
    path.write_text(f"# head\n\n{good}\n{good}\n", encoding="utf-8")
    with pytest.raises(MalformedLine, match=r"moves\.txt:4: says again what line 3 decides"):
        load_moves(path)


def test_tags_are_read():
    line = parse_access(7, "expert | own | /plans/<ref>/ | GET | hidden | why [state: ready] [needs: nothing]")
    assert (line.number, line.state, line.batch, line.needs, line.why) == (
        7,
        "ready",
        "cosigning",
        "nothing",
        "why",
    )

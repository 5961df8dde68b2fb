from script.lib import po

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def wanted(text):
    return po.parse(HEADER + text)


def test_complete_catalogue_has_no_problem():
    text = '#: a.py:1\nmsgid "%(n)s cities"\nmsgstr ""\n'
    assert po.problems(wanted(text), wanted('msgid "%(n)s cities"\nmsgstr "%(n)s 个城市"\n')) == []


def test_every_untranslated_message_is_named_with_its_place():
    text = '#: a.py:1\nmsgid "Submit"\nmsgstr ""\n\n#: b.html:7\nmsgid "Return"\nmsgstr ""\n'
    found = po.problems(wanted(text), wanted('msgid "Return"\nmsgstr ""\n'))
    assert found == ["a.py:1: no translation: 'Submit'", "b.html:7: no translation: 'Return'"]


def test_translation_for_another_context_does_not_count():
    text = '#: a.py:1\nmsgctxt "month"\nmsgid "May"\nmsgstr ""\n'
    found = po.problems(wanted(text), wanted('msgctxt "verb"\nmsgid "May"\nmsgstr "可以"\n'))
    assert found == ["a.py:1: no translation: 'May'"]


def test_fuzzy_translation_is_refused():
    text = '#: a.py:1\nmsgid "Submit"\nmsgstr ""\n'
    assert po.problems(wanted(text), wanted('#, fuzzy\nmsgid "Submit"\nmsgstr "提交"\n')) == [
        "a.py:1: fuzzy translation: 'Submit'"
    ]


def test_lost_and_renamed_placeholders_are_refused():
    text = '#: a.py:1\nmsgid "%(n)s of %(all)s"\nmsgstr ""\n'
    found = po.problems(wanted(text), wanted('msgid "%(n)s of %(all)s"\nmsgstr "%(n)s／%(total)s"\n'))
    assert found == ["a.py:1: other placeholders: '%(n)s of %(all)s' -> '%(n)s／%(total)s'"]


def test_plural_counts_with_either_form_of_the_source():
    text = '#: a.py:1\nmsgid "one day"\nmsgid_plural "%(n)s days"\nmsgstr[0] ""\n'
    translated = 'msgid "one day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s 天"\n'
    assert po.problems(wanted(text), wanted(translated)) == []


def test_percent_sign_in_prose_is_no_placeholder():
    assert po.placeholders("60% done, 100%% sure, %(n)s of {total}") == ["%(n)s", "{total}"]


def test_catalogue_without_blank_lines_is_read_whole():
    entries = po.parse(
        'msgid ""\nmsgstr "h"\n#: x\nmsgid "A"\nmsgstr "甲"\n#, fuzzy\nmsgid "B"\n"C"\nmsgstr "乙"\n"丙"\n'
    )
    assert [(e.identifier, e.translations, e.fuzzy) for e in entries] == [("A", ["甲"], False), ("BC", ["乙丙"], True)]

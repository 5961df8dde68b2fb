from review.tone import Flag, flags


def test_flagged_words_come_once_with_what_to_write_instead():
    assert flags("该方案不予通过，驳回；再次驳回。") == [Flag("不予通过", "继续完善"), Flag("驳回", "需补充")]


def test_words_of_the_field_are_not_flagged():
    assert flags("不排名；维护公平竞争，打击不正当竞争行为。") == []


def test_allowed_words_do_not_hide_flagged_ones():
    assert flags("公平竞争与城市竞争") == [Flag("竞争", "共同完善")]

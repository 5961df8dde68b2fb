"""County-level cities are added with every mistake named, and on record."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from applications.models import City
from applications.services import programme, regions
from portal.models import AuditEntry

GOOD = {"code": "330182", "name": "建德市", "slug": "jiande", "initials": "jd"}


def add(**changes):
    return regions.add_city(**{**GOOD, **changes})


def test_added_city_belongs_to_its_province_and_outlives_a_new_load(world):
    city = add()
    assert (city.level, city.province.name, city.government) == ("county", "浙江省", None)
    assert AuditEntry.objects.get(action="city:add").object_id == "330182"
    programme.load_regions()
    assert City.objects.get(pk="330182").slug == "jiande"
    assert programme.join(city).name == "建德市人民政府"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "33018"}, "六位数字"),
        ({"code": "３３０１８２"}, "六位数字"),
        ({"code": "990182"}, "没有代码以 99 开头的省份"),
        ({"code": "330100"}, "不以 00 结尾"),
        ({"code": "330782"}, "已在名单中：义乌市"),
        ({"name": "义乌市"}, "名为义乌市的城市已在名单中"),
        ({"name": "Jiande"}, "以“市”结尾"),
        ({"slug": "yiwu"}, "yiwu 已被使用"),
        ({"slug": "Jian De"}, "小写拼音"),
        ({"initials": ""}, "首字母"),
    ],
)
def test_each_mistake_is_refused_in_words_and_adds_nothing(world, changes, said):
    with pytest.raises(ValidationError) as refused:
        add(**changes)
    assert said in " ".join(refused.value.messages)
    assert not City.objects.filter(slug="jiande").exists()
    assert not AuditEntry.objects.filter(action="city:add").exists()


def test_all_mistakes_are_named_at_once(world):
    with pytest.raises(ValidationError) as refused:
        regions.add_city("1", "x", slug="", initials="")
    assert len(refused.value.messages) == 4


def test_command_adds_or_says_why_not(world):
    out = StringIO()
    call_command("add_city", "330182", "建德市", "--slug", "jiande", "--initials", "jd", stdout=out)
    assert out.getvalue() == "330182 建德市 (浙江省)\n"
    with pytest.raises(CommandError, match="已在名单中"):
        call_command("add_city", "330182", "建德市", "--slug", "jiande", "--initials", "jd")

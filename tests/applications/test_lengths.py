"""How long a part is and should be: the same words on the task list and in the editor, both languages."""

import pytest
from django.utils import translation

from applications.parts import PARTS
from applications.tasks_list import length_words


@pytest.mark.parametrize(
    ("count", "part", "zh", "en"),
    [
        (0, "basis", "0 字；建议 1,500–3,000 字", "0 characters; 1,500–3,000 advised"),
        (1, "steps", "1 字；建议 500–1,500 字", "1 character; 500–1,500 advised"),
        (1499, "basis", "1,499 字；建议 1,500–3,000 字", "1,499 characters; 1,500–3,000 advised"),
        (1500, "basis", "1,500 字", "1,500 characters"),
        (3000, "basis", "3,000 字", "3,000 characters"),
        (4200, "basis", "4,200 字；超出建议篇幅 1,200 字", "4,200 characters; 1,200 over the advised length"),
        (70, "projects", "70 字", "70 characters"),
        (12000, "appendix", "12,000 字", "12,000 characters"),
    ],
)
def test_length_of_a_part_in_words(count, part, zh, en):
    assert length_words(count, PARTS[part]) == zh
    with translation.override("en"):
        assert length_words(count, PARTS[part]) == en


def test_the_editor_and_the_task_list_advise_one_length(client, world):
    case = world.draft()
    client.force_login(world.lead.user)
    page = client.get(f"/plans/{case.plan.reference}/sections/policy/").content.decode()
    assert 'data-count-least="1500"' in page
    assert 'data-words="[count] 字（建议 [least]–[most] 字）"' in page
    assert "建议 1,500–3,000 字" in client.get(f"/plans/{case.plan.reference}/").content.decode()

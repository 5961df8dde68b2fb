"""One batch of two cities for a module, walked to ``STANDS`` there (issued, unless it says otherwise).

Every test has it as the walk left it, in a savepoint of its own.
"""

import copy

import pytest

from review.states import BatchState as B
from tests.batch_walk import BatchWalk
from tests.builders import World
from tests.stage import put_back, stage


@pytest.fixture(scope="module")
def _walked(request, django_db_setup, django_db_blocker, tmp_path_factory):
    with stage(django_db_blocker, tmp_path_factory.mktemp("walked")):
        walk = BatchWalk.of_two(World())
        _ = walk.world.channel, walk.world.direct_drc, walk.world.group_office
        walk.to(getattr(request.module, "STANDS", B.ISSUED))
        yield walk


@pytest.fixture
def walk(_walked):
    with put_back():
        yield copy.deepcopy(_walked)


@pytest.fixture
def world(walk):
    return walk.world


@pytest.fixture
def _private_folder():
    """The files and the key of the module's batch stay where they were put."""

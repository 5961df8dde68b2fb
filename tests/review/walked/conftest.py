"""One batch of two cities for a module, walked to ``STANDS`` there (issued, unless it says otherwise)."""

import pytest

from review.states import BatchState as B
from tests.batch_walk import BatchWalk


@pytest.fixture(scope="module")
def _make(request):
    def walked(world):
        walk = BatchWalk.of_two(world)
        _ = world.channel, world.direct_drc, world.group_office
        walk.to(getattr(request.module, "STANDS", B.ISSUED))
        return walk

    return walked


@pytest.fixture
def world(walk):
    return walk.world

"""A city's own draft, and its editor at the browser."""

import pytest

from tests.builders import World


@pytest.fixture(scope="module")
def _make(request):
    return getattr(request.module, "shared", World.draft)


@pytest.fixture
def city(client, world):
    client.force_login(world.editor.user)
    return client

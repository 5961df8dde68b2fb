"""A city's own draft, and its editor at the browser."""

import pytest


@pytest.fixture
def case(world):
    return world.draft()


@pytest.fixture
def city(client, world):
    client.force_login(world.editor.user)
    return client

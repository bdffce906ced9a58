from collections.abc import Iterator

import pytest
from world import Provider, World, provider


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with provider() as one:
        yield one


@pytest.fixture
def world(running: Provider) -> World:
    running.options()
    return World(running)

"""Stories are told to a whole desk."""

import pytest

from infra.local.cloud import LocalCloud
from tests.story.narrator import Narrator


@pytest.fixture
def story(cloud: LocalCloud) -> Narrator:
    """A narrator at the desk of Lin, Sam and Ada."""
    return Narrator(cloud)

"""The region that these tests work on."""

from tests.region import region as region

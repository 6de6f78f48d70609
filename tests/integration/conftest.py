"""The region that these tests work on."""

from tests.pushing import ready as ready
from tests.region import region as region

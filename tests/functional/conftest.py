"""The regions that these tests work on."""

from tests.doors import roles as roles
from tests.region import region as region

"""The region that these tests work on."""

from tests.examined import examined as examined
from tests.examined import home as home
from tests.on_postgres import postgres_url as postgres_url
from tests.pushing import ready as ready
from tests.region import region as region

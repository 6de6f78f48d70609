"""What these tests work on."""

from tests.unit.policy.tables import policies as policies

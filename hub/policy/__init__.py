"""The policy as a privacy officer reads it: worked out from its tables, and its tables checked as data."""

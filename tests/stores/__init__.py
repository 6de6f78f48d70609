"""A store as each release wrote it, kept as a file; every later release opens it (docs/reliability.md)."""

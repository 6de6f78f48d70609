"""The sentences that people read: one file a language."""

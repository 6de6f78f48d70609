"""How the policy itself changes: revisions are filed, let count for some and then for all, and taken back."""

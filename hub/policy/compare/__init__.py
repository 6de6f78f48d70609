"""Two revisions of the policy compared: decided over a space of situations, and told in words."""

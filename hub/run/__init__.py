"""A hub on the air: the serving process and the demonstration region."""

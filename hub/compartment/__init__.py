"""A casus's sealed content: what each source put into each field group, under a key of its own."""

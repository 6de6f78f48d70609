"""What the hub tells of its own running: events, steps and figures of one catalogue, with the fields that each may have.

Nothing else can be told: no text of anybody, no address with an id in it, no message of an error.
"""

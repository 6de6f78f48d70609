"""The registry: legal bases, secrecy exceptions, consents, refusals, representation; and the dated state of a casus."""

"""The broker: everything between a request and a release."""

"""Formats in: one file a format, one line a format in `connectors.table`.

A parser takes a document whole or refuses it whole with the place of the fault; it decides nothing about who may
deliver what.
"""

"""FHIR R4 content to fields of the catalogue. What is read from a resource is named, element by element; all else
stays behind.

Narrative, attachments, nationality, marital status and religion are never read (Wgs 2.29(1), Bgs 1.9).
"""

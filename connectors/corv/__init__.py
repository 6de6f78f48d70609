"""CORV: the messages of the router between police, justice and the social domain (StUF-Jeugdzorg 1.0.9).

A message has no place for a supply record. `connectors.corv_xml` reads it from a partner that needs none,
`connectors.corv_verstrekking` from police and justice, with the record beside it; both come to `connectors.corv.message`.
"""

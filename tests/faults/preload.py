"""What a process of a hub needs, loaded once and forked from (tests/faults/forked.py)."""

import httptools
import psycopg
import sqlalchemy.dialects.postgresql.psycopg
import uvloop

import hub.run.serving
import hub.wiring

LOADED = (hub.run.serving, hub.wiring, httptools, psycopg, sqlalchemy.dialects.postgresql.psycopg, uvloop)

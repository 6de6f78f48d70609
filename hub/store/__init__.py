"""The only room that speaks SQL: engine, tables, one file of queries per aggregate."""

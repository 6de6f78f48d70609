"""The tables of the data store and of the key store.

Nothing readable about a person stands here: ids are random or keyed, and what must stay secret is sealed. Instants are
UTC text of fixed width (`hub.model.instant`), so that text order is time order.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
)

data = MetaData()
keys = MetaData()

_Number = BigInteger().with_variant(Integer, "sqlite")


def _kept_whole(table: Table, connection: Connection, **_: object) -> None:
    """On PostgreSQL. What is sealed gets no shorter by pressing it together, and a row that stays in one piece costs the
    server a fifth less to write."""
    if connection.dialect.name == "postgresql":
        sealed = (column.name for column in table.columns if isinstance(column.type, LargeBinary))
        stored = ", ".join(f"ALTER COLUMN {name} SET STORAGE EXTERNAL" for name in sealed)
        connection.exec_driver_sql(f"ALTER TABLE {table.name} {stored}, SET (toast_tuple_target = 8160)")


# --- partners, their clients and users -----------------------------------------------------------

partners = Table(
    "partners",
    data,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("employer_kind", Text),
    Column("fulfils", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("suspended_at", Text),
    Column("version", Integer, nullable=False),
)

clients = Table(
    "clients",
    data,
    Column("id", Text, primary_key=True),
    Column("partner", Text, ForeignKey("partners.id"), nullable=False),
    Column("jwks", Text, nullable=False),
    Column("certificate", Text),
    Column("created_at", Text, nullable=False),
    Column("suspended_at", Text),
)

user_terms = Table(
    "user_terms",
    data,
    Column("seq", _Number, primary_key=True, autoincrement=True),
    Column("partner", Text, ForeignKey("partners.id"), nullable=False),
    Column("user", Text, nullable=False),
    Column("attribute", Text, nullable=False),
    Column("value", Text),
    Column("valid_from", Text, nullable=False),
    Column("valid_until", Text),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Index("user_terms_of", "partner", "user"),
)

used_proofs = Table(
    "used_proofs",
    data,
    Column("jti_hash", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Index("used_proofs_expiry", "expires_at"),
)

# --- casussen ------------------------------------------------------------------------------------

casussen = Table(
    "casussen",
    data,
    Column("id", Text, primary_key=True),
    # Moves with every change of what a decision depends on; the append batch checks it.
    Column("version", Integer, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("destroyed_at", Text),
)

records = Table(
    "records",
    data,
    Column("seq", _Number, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("casus", Text, ForeignKey("casussen.id"), nullable=False),
    # Sealed under the log key of the casus: kind, body, who recorded it and when.
    Column("sealed", LargeBinary, nullable=False),
    Index("records_of", "casus", "seq"),
)

dossiers = Table(
    "dossiers",
    data,
    Column("casus", Text, ForeignKey("casussen.id"), primary_key=True),
    # How many records there are.
    Column("records", Integer, nullable=False),
    # All of them together, sealed under the log key of the casus: what a request reads.
    Column("sealed", LargeBinary, nullable=False),
)

search_index = Table(
    "search_index",
    data,
    Column("token", LargeBinary, primary_key=True),
    Column("casus", Text, primary_key=True),
    Index("search_index_of", "casus"),
)

searches = Table(
    "searches",
    data,
    Column("seq", _Number, primary_key=True, autoincrement=True),
    Column("partner", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("searches_of", "partner", "at"),
)

# --- compartments --------------------------------------------------------------------------------

casus_seals = Table(
    "casus_seals",
    data,
    Column("casus", Text, ForeignKey("casussen.id"), primary_key=True),
    Column("version", Integer, nullable=False),
    # The generation of the casus key that wraps the next two.
    Column("generation", Integer, nullable=False),
    Column("own_key", LargeBinary, nullable=False),
    # The data keys of all its compartments.
    Column("data_keys", LargeBinary, nullable=False),
    # Which compartments there are, their versions and manifests, sealed under the own key.
    Column("sealed", LargeBinary, nullable=False),
)

sealed_fields = Table(
    "sealed_fields",
    data,
    # Random, but for a shelf that the values of a casus share: a value that is replaced gets another one.
    Column("slot", _Number, primary_key=True, autoincrement=False),
    Column("casus", Text, ForeignKey("casussen.id"), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("sealed_fields_of", "casus"),
)

# --- the log -------------------------------------------------------------------------------------

log_entries = Table(
    "log_entries",
    data,
    Column("idx", _Number, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("log_key", Text, nullable=False),
    Column("pair", LargeBinary, nullable=False),
    Column("told", LargeBinary, nullable=False),
    Column("internal", LargeBinary, nullable=False),
    Index("log_entries_of", "log_key", "idx"),
)

# What the controller accounts for of an entry (Logboek Dataverwerkingen, NEN 7513), written in one with it.
processing_records = Table(
    "processing_records",
    data,
    Column("idx", _Number, primary_key=True, autoincrement=False),
    # Sealed under the log key of the entry; it ends by the same term.
    Column("sealed", LargeBinary, nullable=False),
)

for _sealed in (log_entries, processing_records):
    event.listen(_sealed, "after_create", _kept_whole)

log_tiles = Table(
    "log_tiles",
    data,
    Column("level", Integer, primary_key=True),
    Column("n", _Number, primary_key=True),
    Column("hashes", LargeBinary, nullable=False),
)

log_checkpoints = Table(
    "log_checkpoints",
    data,
    Column("size", _Number, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("note", Text, nullable=False),
)

log_head = Table(
    "log_head",
    data,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", _Number, nullable=False),
    Column("root", LargeBinary, nullable=False),
)

facts = Table(
    "facts",
    data,
    # Keyed digest of what is kept: the facts that the questions of one reader share. Each entry names its own.
    Column("digest", Text, primary_key=True),
    Column("casus", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("facts_of", "casus"),
)

outbox = Table(
    "outbox",
    data,
    Column("id", Text, primary_key=True),
    Column("type", Text, nullable=False),
    Column("casus", Text, nullable=False),
    Column("due_at", Text),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("done_at", Text),
    Index("outbox_open", "done_at", "due_at"),
)

idempotency = Table(
    "idempotency",
    data,
    Column("partner", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at", Text, nullable=False),
    Index("idempotency_age", "at"),
)

# --- what was sent to a partner ------------------------------------------------------------------

postvak = Table(
    "postvak",
    data,
    Column("seq", _Number, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    # Who receives it.
    Column("partner", Text, ForeignKey("partners.id"), nullable=False),
    # A keyed token of the casus, so that what was sent of it goes with it.
    Column("casus", LargeBinary, nullable=False),
    # The promise: who sent it, for what, which fields. No value.
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("fetched_at", Text),
    Index("postvak_of", "partner", "seq"),
    Index("postvak_expiry", "expires_at"),
    Index("postvak_casus", "casus"),
)

# --- what is to be followed up --------------------------------------------------------------------

obligations = Table(
    "obligations",
    data,
    Column("seq", _Number, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    # The partner that carries it out, or `*` for supervision.
    Column("addressee", Text, nullable=False),
    Column("type", Text, nullable=False),
    # A keyed token of the casus, so that what belongs to it is found.
    Column("casus", LargeBinary, nullable=False),
    # A keyed token of the user who gets no new emergency while this is overdue.
    Column("whose", LargeBinary),
    # A keyed token of what it is about: while one is open the same is not put on file again. None once it is done.
    Column("once", LargeBinary, unique=True),
    # Whom and what it is about: names, never a value.
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("due_at", Text, nullable=False),
    Column("done_at", Text),
    Index("obligations_of", "addressee", "done_at", "seq"),
    Index("obligations_casus", "casus"),
    Index("obligations_whose", "whose"),
    Index("obligations_due", "done_at", "due_at"),
)

# --- operators and destruction -------------------------------------------------------------------

operators = Table(
    "operators",
    data,
    Column("name", Text, primary_key=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("ended_at", Text),
)

# Who vouches for a newcomer and his key; of an operator on record: who did.
vouches = Table(
    "operator_vouches",
    data,
    Column("name", Text, primary_key=True),
    Column("public_key", LargeBinary, primary_key=True),
    Column("vouched_by", Text, primary_key=True),
    Column("vouched_at", Text, nullable=False),
)

# Who gave his word that an operator ends.
endings = Table(
    "operator_endings",
    data,
    Column("name", Text, primary_key=True),
    Column("ended_by", Text, primary_key=True),
    Column("said_at", Text, nullable=False),
)

destruction_orders = Table(
    "destruction_orders",
    data,
    Column("id", Text, primary_key=True),
    Column("casus", Text, nullable=False),
    Column("ordered_by", Text, nullable=False),
    Column("ordered_at", Text, nullable=False),
    Column("order_signature", LargeBinary, nullable=False),
    Column("approved_by", Text),
    Column("approved_at", Text),
    Column("approval_signature", LargeBinary),
    # The signed record of what was destroyed; the intent outlives the casus.
    Column("record", Text),
    Column("carried_out_at", Text),
)

# --- revisions of the policy ---------------------------------------------------------------------

policy_revisions = Table(
    "policy_revisions",
    data,
    Column("revision", Text, primary_key=True),
    # As it was signed (hub.pdp.signing): rules, tables and module.
    Column("bundle", LargeBinary, nullable=False),
    Column("author", Text, nullable=False),
    Column("filed_at", Text, nullable=False),
    # The author's, over the act of filing it.
    Column("signature", LargeBinary, nullable=False),
)

# Append-only. Each row is an act, and what counts after it: the newest row is what counts now.
policy_activations = Table(
    "policy_activations",
    data,
    Column("seq", _Number, primary_key=True, autoincrement=False),
    Column("act", Text, nullable=False),
    Column("revision", Text, nullable=False),
    # For all; null: the policy that stands beside the hub.
    Column("everyone", Text),
    # For these partners (JSON) in its place; null: for nobody.
    Column("staged", Text),
    Column("partners", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

# --- the key store, a database of its own --------------------------------------------------------

wrapped_keys = Table(
    "wrapped_keys",
    keys,
    Column("name", Text, primary_key=True),
    Column("blob", LargeBinary, nullable=False),
    Column("kek_ref", Text, nullable=False),
    Column("created_at", Text, nullable=False),
)

key_meta = Table(
    "key_meta",
    keys,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

-- What this store knows of each collection's authority: one row per collection, read by every write.
-- fillfactor: the row is updated in place while a mirror worker lives.
CREATE TABLE switchover_ledger (
    collection    text COLLATE "C" PRIMARY KEY,
    lineage       uuid        NOT NULL,
    epoch         bigint      NOT NULL,
    fork          text        NOT NULL,
    state         text        NOT NULL CHECK (state IN ('ACTIVE', 'SEALED', 'RECEIVING', 'HANDED_OVER', 'MIRROR')),
    confirmed     boolean     NOT NULL,
    mirroring     text        NOT NULL CHECK (mirroring IN ('OFF', 'SYNCING', 'ON')),
    term          bigint      NOT NULL,
    version_floor bigint      NOT NULL,
    highest_id    bigint      NOT NULL,
    last_apply    bigint      NOT NULL DEFAULT 0,
    seen_timeline text        NOT NULL,
    seen_version  bigint      NOT NULL,
    seen_token    text        NOT NULL,
    seen_time     timestamptz NOT NULL,
    token         text        NOT NULL,
    phase         text,
    lease_until   timestamptz
) WITH (fillfactor = 50);

-- Records whose latest state has not reached the mirror yet. A row is set by the write itself, in the same statement.
CREATE TABLE switchover_pending (
    collection text COLLATE "C" NOT NULL,
    id         text COLLATE "C" NOT NULL,
    version    bigint      NOT NULL,
    unit       bigint      NOT NULL,
    since      timestamptz NOT NULL,
    parked     text,
    PRIMARY KEY (collection, id)
);

CREATE INDEX switchover_pending_version ON switchover_pending (collection, version);

CREATE INDEX switchover_pending_unit ON switchover_pending (unit) WHERE unit <> 0;

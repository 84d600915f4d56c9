-- Records whose latest state has not reached the mirror yet. A row is set by the write itself, in the same statement.
-- No index has the version: a record marked again and again is then updated in place.
CREATE TABLE switchover_pending (
    collection text COLLATE "C" NOT NULL,
    id         text COLLATE "C" NOT NULL,
    version    bigint      NOT NULL,
    unit       bigint      NOT NULL,
    since      timestamptz NOT NULL,
    parked     text,
    PRIMARY KEY (collection, id)
) WITH (fillfactor = 50);

CREATE INDEX switchover_pending_since ON switchover_pending (collection, since);

CREATE INDEX switchover_pending_unit ON switchover_pending (unit) WHERE unit <> 0;

-- Units of work that share a record: one wrote it while it was pending of the other, so both go to the mirror together. In both
-- directions. Writes only add rows; one goes when nothing is pending of one of the two.
CREATE TABLE switchover_joined (
    unit  bigint NOT NULL,
    other bigint NOT NULL
);

CREATE INDEX switchover_joined_unit ON switchover_joined (unit);

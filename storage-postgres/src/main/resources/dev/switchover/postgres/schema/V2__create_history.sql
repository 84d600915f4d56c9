-- Every change of the ledger, and the tokens by which going back in time is noticed.
CREATE TABLE switchover_history (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    collection text COLLATE "C" NOT NULL,
    at         timestamptz NOT NULL,
    host       text        NOT NULL,
    pid        bigint      NOT NULL,
    reason     text        NOT NULL,
    token      text        NOT NULL,
    lineage    uuid,
    epoch      bigint,
    fork       text,
    state      text,
    confirmed  boolean,
    mirroring  text,
    term       bigint
);

CREATE INDEX switchover_history_token ON switchover_history (collection, token);

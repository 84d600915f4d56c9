-- What verifications, repairs, exports and the like found or did: a bounded history of each kind, for people. No record values.
CREATE TABLE switchover_report (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind       text COLLATE "C" NOT NULL,
    collection text COLLATE "C" NOT NULL,
    at         timestamptz NOT NULL,
    host       text        NOT NULL,
    pid        bigint      NOT NULL,
    report     text        NOT NULL
);

CREATE INDEX switchover_report_at ON switchover_report (kind, collection, at);

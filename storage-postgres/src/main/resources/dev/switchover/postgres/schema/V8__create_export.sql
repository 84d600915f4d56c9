-- The last export of each collection: into the storage's own directory, and elsewhere.
CREATE TABLE switchover_export (
    collection text COLLATE "C" NOT NULL,
    target     text        NOT NULL,
    at         timestamptz NOT NULL,
    snapshot   timestamptz NOT NULL,
    version    bigint      NOT NULL,
    records    bigint      NOT NULL,
    bytes      bigint      NOT NULL,
    sha256     text        NOT NULL,
    file       text        NOT NULL,
    host       text        NOT NULL,
    PRIMARY KEY (collection, target)
);

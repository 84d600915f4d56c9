-- The other members of the file a collection is nested in.
CREATE TABLE switchover_envelope (
    collection         text COLLATE "C" PRIMARY KEY,
    body               json   NOT NULL,
    switchover_version bigint NOT NULL,
    switchover_order   bigint NOT NULL
);

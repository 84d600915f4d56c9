-- What runs on a schedule, once among all instances: a lease whose token fences a runner that was held up.
CREATE TABLE switchover_job (
    name         text COLLATE "C" PRIMARY KEY,
    token        bigint      NOT NULL,
    holder       text        NOT NULL,
    lease_until  timestamptz,
    since        timestamptz NOT NULL,
    done_slot    timestamptz,
    done_at      timestamptz,
    failed_at    timestamptz,
    failures     integer     NOT NULL,
    message      text        NOT NULL
);

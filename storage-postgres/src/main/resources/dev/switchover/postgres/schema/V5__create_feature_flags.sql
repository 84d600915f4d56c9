-- Flags by their names without FF_; user_id is null for a flag that holds for everybody. A service may have it already.
CREATE TABLE IF NOT EXISTS feature_flags (
    name        text    NOT NULL,
    enabled     boolean NOT NULL,
    user_id     text,
    description text,
    UNIQUE (name, user_id)
);

-- The moment a document's text stands for, as seconds since 1970 with all its digits; null if it is none.
-- timestamptz would round nanoseconds, and its cast fails on what is no moment.
CREATE FUNCTION switchover_moment(written text) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    parts text[];
BEGIN
    parts := regexp_match(written, '^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)(\.\d{1,9})?'
        || '(?:Z|([+-])(0\d|1[0-8]):([0-5]\d)(?::([0-5]\d))?)$', 'i');
    IF parts IS NULL OR (parts[3] IS NOT NULL AND length(parts[2]) = 5)
        OR (parts[5] = '18' AND (parts[6] <> '00' OR coalesce(parts[7], '00') <> '00')) THEN
        RETURN NULL;
    END IF;
    RETURN extract(epoch FROM (parts[1] || ' ' || parts[2])::timestamp)::numeric
        + coalesce(('0' || parts[3])::numeric, 0)
        - coalesce((parts[4] || '1')::integer * (parts[5]::integer * 3600 + parts[6]::integer * 60
            + coalesce(parts[7]::integer, 0)), 0);
EXCEPTION
    WHEN data_exception THEN
        RETURN NULL;
END
$$;

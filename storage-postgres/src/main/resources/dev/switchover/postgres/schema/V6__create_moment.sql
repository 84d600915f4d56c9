-- The moment a document's text stands for, as seconds since 1970 with all its digits; null if it is none.
-- timestamptz would round nanoseconds, and its cast fails on what is no moment.
CREATE FUNCTION switchover_moment(written text) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
DECLARE
    parts text[];
    year bigint;
    -- Years repeat every 400; with one of these in its place the date is one that a timestamp can hold.
    alike bigint;
BEGIN
    -- No backslashes: what one means in a constant is a setting of the session.
    parts := regexp_match(written, '^([0-9]{4}|-[0-9]{4,10}|[+][0-9]{5,10})(-[0-9]{2}-[0-9]{2})T'
        || '((?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?)([.][0-9]{1,9})?'
        || '(?:Z|([+-])(0[0-9]|1[0-8]):([0-5][0-9])(?::([0-5][0-9]))?)$', 'i');
    IF parts IS NULL OR (parts[4] IS NOT NULL AND length(parts[3]) = 5)
        OR (parts[6] = '18' AND (parts[7] <> '00' OR coalesce(parts[8], '00') <> '00')) THEN
        RETURN NULL;
    END IF;
    year := parts[1]::bigint;
    IF abs(year) > 999999999 OR (year = 0 AND parts[1] <> '0000') THEN
        RETURN NULL;
    END IF;
    alike := 2000 + mod(mod(year, 400) + 400, 400);
    RETURN extract(epoch FROM (alike::text || parts[2] || ' ' || parts[3])::timestamp)::numeric
        + (year - alike) / 400 * 146097::numeric * 86400
        + coalesce(('0' || parts[4])::numeric, 0)
        - coalesce((parts[5] || '1')::integer * (parts[6]::integer * 3600 + parts[7]::integer * 60
            + coalesce(parts[8]::integer, 0)), 0);
EXCEPTION
    WHEN data_exception THEN
        RETURN NULL;
END
$$;

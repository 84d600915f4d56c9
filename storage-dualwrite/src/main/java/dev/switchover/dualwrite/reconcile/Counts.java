package dev.switchover.dualwrite.reconcile;

/**
 * How many ids of two stores are equal, and how many differ in what.
 *
 * @param equal also those of which only the version differs
 * @param versions how many of the equal ones have another version
 */
public record Counts(long equal, long missing, long extra, long content, long order, long versions) {

    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

    public long different() {
        return missing + extra + content + order;
    }

    public long total() {
        return equal + different();
    }

    Counts plus(Difference.Kind kind) {
        return switch (kind) {
            case MISSING -> new Counts(equal, missing + 1, extra, content, order, versions);
            case EXTRA -> new Counts(equal, missing, extra + 1, content, order, versions);
            case CONTENT -> new Counts(equal, missing, extra, content + 1, order, versions);
            case ORDER -> new Counts(equal, missing, extra, content, order + 1, versions);
            case VERSION -> new Counts(equal + 1, missing, extra, content, order, versions + 1);
        };
    }

    Counts plusEqual(long count) {
        return new Counts(equal + count, missing, extra, content, order, versions);
    }

    @Override
    public String toString() {
        return equal + " equal, " + missing + " missing, " + extra + " extra, " + content + " different, " + order
                + " in another place";
    }
}

package dev.switchover.dualwrite.reconcile;

/**
 * How many ids of two stores are equal, and how many differ in what.
 *
 * @param equal also those of which only the version differs
 * @param versions how many of the equal ones have another version
 */
public record Counts(long equal, long missing, long extra, long content, long order, long unreadable, long versions) {

    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

    public long different() {
        return missing + extra + content + order + unreadable;
    }

    public long total() {
        return equal + different();
    }

    Counts plus(Difference.Kind kind) {
        return switch (kind) {
            case MISSING -> new Counts(equal, missing + 1, extra, content, order, unreadable, versions);
            case EXTRA -> new Counts(equal, missing, extra + 1, content, order, unreadable, versions);
            case CONTENT -> new Counts(equal, missing, extra, content + 1, order, unreadable, versions);
            case ORDER -> new Counts(equal, missing, extra, content, order + 1, unreadable, versions);
            case UNREADABLE -> new Counts(equal, missing, extra, content, order, unreadable + 1, versions);
            case VERSION -> new Counts(equal + 1, missing, extra, content, order, unreadable, versions + 1);
        };
    }

    Counts plusEqual(long count) {
        return new Counts(equal + count, missing, extra, content, order, unreadable, versions);
    }

    @Override
    public String toString() {
        return equal + " equal, " + missing + " missing, " + extra + " extra, " + content + " different, " + order
                + " in another place" + (unreadable == 0 ? "" : ", " + unreadable + " unreadable");
    }
}

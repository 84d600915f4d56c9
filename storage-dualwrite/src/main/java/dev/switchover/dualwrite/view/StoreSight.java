package dev.switchover.dualwrite.view;

/** Whether a store can be looked at. */
public sealed interface StoreSight {

    /** It can. */
    record Seen(StoreView view) implements StoreSight {}

    /** It does not answer, or what is there cannot be read. */
    record Away(String reason) implements StoreSight {}

    /** No database is configured. */
    record NotConfigured() implements StoreSight {}

    /**
     * The library has never been there.
     *
     * @param hasRecords whether there are records nevertheless
     */
    record Blank(boolean hasRecords) implements StoreSight {}
}

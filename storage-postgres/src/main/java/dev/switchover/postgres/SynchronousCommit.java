package dev.switchover.postgres;

/**
 * Whether a commit waits until it is on the disk, as expressions of which one is evaluated in the transaction: it holds to its end. See
 * <a href="https://www.postgresql.org/docs/current/wal-async-commit.html">Asynchronous Commit</a>.
 */
final class SynchronousCommit {

    /** As strong as the server can; a stronger setting of the user's is kept. */
    static final String ON = "set_config('synchronous_commit',"
            + " CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true)";

    /** A server that crashes loses what it committed last, and nothing before that. */
    static final String OFF = "set_config('synchronous_commit', 'off', true)";

    private SynchronousCommit() {}
}

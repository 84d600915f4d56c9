package dev.switchover.postgres;

/**
 * How the pool of connections is used at one moment.
 *
 * @param active connections at work
 * @param idle connections that wait for work
 * @param waiting threads that wait for a connection
 * @param maximum connections there may be
 */
public record PoolUse(int active, int idle, int waiting, int maximum) {}

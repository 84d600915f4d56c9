package dev.switchover.dualwrite.handover;

import java.time.Instant;

/**
 * What a newcomer asks.
 *
 * @param nonce random; one request is answered once
 * @param expires after which nobody need answer, by the clock of who asks
 */
record TakeOverRequest(String nonce, long pid, String host, Instant expires) {

    @Override
    public String toString() {
        return "process " + pid + " on " + host;
    }
}

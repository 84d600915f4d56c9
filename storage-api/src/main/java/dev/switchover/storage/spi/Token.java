package dev.switchover.storage.spi;

import java.util.UUID;

/**
 * What a store writes into its own history before the other one notes it: its number in that history, and something random.
 *
 * <p>A store keeps the newest {@value #KEPT}, and takes an older one for known. That is enough: each new token is followed by the
 * question whether the store still has the one noted last, so a store that went back cannot have come so far unnoticed. And
 * without it an old copy of the other store, which notes a token that was forgotten, would make this one look as if it had
 * gone back.
 */
public final class Token {

    /** Never to be raised: what was forgotten under a lower number would seem to be lost. */
    public static final int KEPT = 1_000;

    private Token() {}

    /** The one after {@code last}, which is {@code ""} if there is none yet. */
    public static String after(String last) {
        long number = number(last);
        return (number == Long.MAX_VALUE ? 1 : number + 1) + "-" + UUID.randomUUID();
    }

    /** 0 for none; for what is no token of this kind a number that is never old. */
    public static long number(String token) {
        if (token.isEmpty()) {
            return 0;
        }
        int end = token.indexOf('-');
        try {
            return Long.parseLong(token, 0, Math.max(0, end), 10);
        } catch (NumberFormatException foreign) {
            return Long.MAX_VALUE;
        }
    }

    /** Whether a history that has come to {@code last} may have forgotten the token. */
    public static boolean isForgotten(String token, String last) {
        long newest = number(last);
        return newest != Long.MAX_VALUE && number(token) <= newest - KEPT;
    }
}

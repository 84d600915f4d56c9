package dev.switchover.dualwrite.request;

import java.util.OptionalLong;

/** Told how far a request has come, on the thread that carries it out; as often as the handler likes, it is passed on a few times a second. */
@FunctionalInterface
public interface RequestProgress {

    /** Tells nobody. */
    RequestProgress NONE = (done, total, doing) -> {};

    /** @param doing in a few words, as {@code comparing expenses} */
    void at(long done, OptionalLong total, String doing);
}

package dev.switchover.examples.materials;

import java.util.List;

/** A request that cannot be carried out as it is; every problem with its place, never with the value. */
final class InvalidRequestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    InvalidRequestException(List<String> problems) {
        super(String.join("; ", problems));
    }
}

package dev.switchover.examples.materials;

import java.io.IOException;
import java.io.InputStream;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** Bodies of requests. */
final class Requests {

    private static final int LARGEST_BODY = 16 << 20;

    private Requests() {}

    /** @throws ResponseStatusException if it is too large */
    static byte[] body(InputStream in) throws IOException {
        byte[] body = in.readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            throw new ResponseStatusException(
                    HttpStatus.CONTENT_TOO_LARGE, "A request has no more than " + LARGEST_BODY + " bytes");
        }
        return body;
    }
}

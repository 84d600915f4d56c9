package dev.switchover.examples.materials;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.storage.Read;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** The document and its history over HTTP. */
@RestController
class MaterialsController {

    /** Set on an answer that came from the copy, because the database is away: the time of the copy. */
    static final String STALE_HEADER = "X-Storage-Stale";

    private final Materials materials;

    MaterialsController(Materials materials) {
        this.materials = materials;
    }

    @GetMapping("/api/materials")
    ResponseEntity<byte[]> document() {
        return answer(materials.document());
    }

    @GetMapping("/api/edit-history")
    ResponseEntity<byte[]> history() {
        return answer(materials.history());
    }

    /** @param ifMatch the {@code ETag} of the document that is to be replaced */
    @PutMapping("/api/materials")
    ResponseEntity<byte[]> replace(
            InputStream body, @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch)
            throws IOException {
        Plan plan = Plan.of(Json.object(Requests.body(body)));
        materials.replace(
                plan,
                ifMatch == null || ifMatch.equals("*")
                        ? null
                        : text -> tag(text).equals(ifMatch));
        ObjectNode answer = Json.MAPPER.createObjectNode();
        answer.put("status", "replaced").put("sections", plan.sections().size());
        return ok().body(Json.bytes(answer));
    }

    @PatchMapping("/api/materials")
    ResponseEntity<byte[]> edit(InputStream body) throws IOException {
        Edit edit = materials.edit(CellEdit.read(Json.object(Requests.body(body))));
        ObjectNode answer = Json.MAPPER.createObjectNode();
        answer.put("status", "updated")
                .put("edit", edit.id())
                .put("section", edit.section())
                .put("item", edit.item())
                .put("field", edit.field());
        answer.set("before", edit.before());
        answer.set("after", edit.after());
        return ok().body(Json.bytes(answer));
    }

    private static ResponseEntity<byte[]> answer(Read<byte[]> read) {
        ResponseEntity.BodyBuilder answer = ok().header(HttpHeaders.ETAG, tag(read.value()));
        read.staleAsOf().ifPresent(copy -> answer.header(STALE_HEADER, copy.toString()));
        return answer.body(read.value());
    }

    private static ResponseEntity.BodyBuilder ok() {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private static String tag(byte[] text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
            return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}

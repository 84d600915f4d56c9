package dev.switchover.examples.materials;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.switchover.console.ConsoleAnswer;
import dev.switchover.console.ConsoleRequest;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.verify.VerificationReport;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

/** What the operator asks; {@link AdminGate} is before it. */
@RestController
@RequestMapping("/api/admin")
class AdminController {

    private final SwitchoverStorage storage;
    private final OperatorPage page;

    AdminController(SwitchoverStorage storage, OperatorPage page) {
        this.storage = storage;
        this.page = page;
    }

    @GetMapping("/storage")
    ResponseEntity<String> status() {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(storage.status().toJson());
    }

    @PostMapping("/verify")
    ResponseEntity<byte[]> verify() {
        ObjectNode answer = success();
        ArrayNode collections = answer.putArray("collections");
        for (VerificationReport report : storage.verify()) {
            collections.addRawValue(new RawValue(report.toJson()));
        }
        return json(answer);
    }

    @PostMapping("/export-to-json")
    ResponseEntity<byte[]> export() {
        ObjectNode answer = success().put("message", "JSON export completed");
        answer.putRawValue("export", new RawValue(storage.export().toJson()));
        return json(answer);
    }

    @RequestMapping(
            path = {OperatorPage.PATH_HERE, OperatorPage.PATH_HERE + "/**"},
            method = {RequestMethod.GET, RequestMethod.POST})
    ResponseEntity<byte[]> console(HttpServletRequest request) throws IOException {
        String below = request.getRequestURI().substring(OperatorPage.PATH.length());
        String body = new String(Requests.body(request.getInputStream()), StandardCharsets.UTF_8);
        ConsoleAnswer answer = page.answer(new ConsoleRequest(request.getMethod(), below, request::getHeader, body));
        HttpHeaders headers = new HttpHeaders();
        answer.headers().forEach(headers::set);
        return ResponseEntity.status(answer.status()).headers(headers).body(answer.body());
    }

    private static ObjectNode success() {
        return Json.MAPPER.createObjectNode().put("status", "success");
    }

    private static ResponseEntity<byte[]> json(ObjectNode answer) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(Json.bytes(answer));
    }
}

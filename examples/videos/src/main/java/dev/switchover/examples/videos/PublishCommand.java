package dev.switchover.examples.videos;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.request.RequestProgress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** {@code publish}: the static site, of one moment of whichever store leads, beside a running web process or without one. */
final class PublishCommand {

    private PublishCommand() {}

    static int run(List<String> arguments, Settings settings, Map<String, String> variables) throws IOException {
        if (arguments.size() != 1) {
            throw new InvalidSettingsException(List.of("publish: name the folder of the static site"));
        }
        Path site = Path.of(arguments.get(0)).toAbsolutePath().normalize();
        Files.createDirectories(site);
        try (Operator operator =
                VideoStorage.builder(settings.dataDirectory(), variables).operator()) {
            operator.exportTo(site, List.of(), RequestProgress.NONE);
        }
        replace(site.resolve(Videos.COPY), out -> {
            try (InputStream in = Files.newInputStream(site.resolve(Videos.FILE));
                    OutputStream encoded = Base64.getEncoder().wrap(out)) {
                in.transferTo(encoded);
            }
        });
        replace(site.resolve(WebPage.FILE), out -> out.write(WebPage.bytes()));
        System.out.println("published " + site);
        return 0;
    }

    private interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private static void replace(Path file, Content content) throws IOException {
        Path unfinished = Files.createTempFile(file.getParent(), ".publish", "");
        try {
            try (OutputStream out = Files.newOutputStream(unfinished)) {
                content.writeTo(out);
            }
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}

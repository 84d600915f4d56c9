package dev.switchover.examples.videos;

import dev.switchover.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** {@code process}: one line for each video that is durable by then, {@code stored VIDEO_ID}. */
final class ProcessCommand {

    private static final String SUFFIX = ".txt";

    private ProcessCommand() {}

    /** @return 1 if one of the files could not be processed or stored; the others were */
    static int run(List<String> arguments, Settings settings, Map<String, String> variables) throws IOException {
        boolean again = arguments.contains("--again");
        List<Path> files = arguments.stream()
                .filter(argument -> !argument.equals("--again"))
                .map(Path::of)
                .toList();
        List<String> wrong = files.stream()
                .filter(file -> !file.toString().endsWith(SUFFIX) || !Files.isRegularFile(file))
                .map(file -> file + " is no transcript; name files VIDEO_ID.txt")
                .toList();
        if (files.isEmpty() || !wrong.isEmpty()) {
            throw new InvalidSettingsException(files.isEmpty() ? List.of("process: name transcripts") : wrong);
        }
        int failed = 0;
        try (VideoSink sink = SinkChoice.open(settings, variables)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String id = name.substring(0, name.length() - SUFFIX.length());
                try {
                    if (!again && sink.has(id)) {
                        System.out.println("there already " + id);
                        continue;
                    }
                    Transcript transcript = Transcript.parse(id, Files.readString(file));
                    sink.store(Processing.of(transcript, Clock.systemUTC()));
                    System.out.println("stored " + id);
                } catch (IOException | StorageException e) {
                    System.err.println("not stored " + id + ": " + e.getMessage());
                    failed++;
                }
            }
        }
        return failed == 0 ? 0 : 1;
    }
}

package dev.switchover.examples.benchmarks.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Where it was measured. */
public record Machine(Map<String, String> facts) {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /**
     * @param work a folder on the disk that is measured
     * @param server what the database server says of itself
     */
    public static Machine of(Path work, Map<String, String> server) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        facts.put("processor", processor(system.getArch()));
        facts.put("cores", Integer.toString(system.getAvailableProcessors()));
        facts.put("memory", (system.getTotalMemorySize() >> 30) + " GiB");
        facts.put("system", system.getName() + " " + system.getVersion());
        facts.put("file system", Files.getFileStore(work).type());
        facts.put("JDK", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("heap", (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        facts.put("load average at the start", String.format(Locale.ROOT, "%.1f", system.getSystemLoadAverage()));
        facts.putAll(server);
        return new Machine(facts);
    }

    private static String processor(String otherwise) throws IOException {
        if (!Files.isReadable(CPU_INFO)) {
            return otherwise;
        }
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(otherwise);
        }
    }
}

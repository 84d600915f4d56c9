package dev.switchover.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Starting would risk records, so it was not done; nothing has been changed.
 *
 * <p>The message has the code, the facts and the remedy; each is a field too.
 */
public final class StartRefusedException extends StorageException {

    private static final long serialVersionUID = 1;

    private final String code;
    private final List<String> facts;
    private final String remedy;

    /** @param code stable, in upper case with hyphens, explained in the runbook: {@code DIRECTORY-LOCKED} */
    public StartRefusedException(String code, List<String> facts, String remedy, @Nullable Throwable cause) {
        super("Start refused (" + code + "): " + String.join("; ", shown(facts)) + ". " + remedy, cause);
        this.code = code;
        this.facts = shown(facts);
        this.remedy = remedy;
    }

    public StartRefusedException(String code, String fact, String remedy) {
        this(code, List.of(fact), remedy, null);
    }

    /** Facts name ids. */
    private static List<String> shown(List<String> facts) {
        return facts.stream().map(Shown::text).toList();
    }

    public String code() {
        return code;
    }

    public List<String> facts() {
        return facts;
    }

    public String remedy() {
        return remedy;
    }
}

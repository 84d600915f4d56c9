package dev.switchover.examples.materials;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.Envelope;
import dev.switchover.storage.Read;
import dev.switchover.storage.UnitOfWork;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** The document and its history. Knows nothing of phases. Thread-safe. */
@Service
class Materials {

    private final SwitchoverStorage storage;
    private final Clock clock;

    Materials(SwitchoverStorage storage, Clock clock) {
        this.storage = storage;
        this.clock = clock;
    }

    /** The text of {@code materials.json}. */
    Read<byte[]> document() {
        return storage.file(Planner.SECTIONS);
    }

    /** The text of {@code edit-history.json}. */
    Read<byte[]> history() {
        return storage.file(Planner.EDITS);
    }

    /**
     * Changes one cell and writes it into the history, both or neither.
     *
     * @throws NoSuchItemException if there is no such item
     * @throws ChangedMeanwhileException if the cell does not hold what the caller saw
     * @throws InvalidRequestException if the cell does not take the value
     */
    Edit edit(CellEdit wanted) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return storage.inUnitOfWork(work -> {
            ObjectNode section = work.on(Planner.SECTIONS)
                    .findById(wanted.section())
                    .orElseThrow(() -> new NoSuchItemException("There is no section " + wanted.section()));
            if (!(section.path("items").get(wanted.item()) instanceof ObjectNode item)) {
                throw new NoSuchItemException("Section " + wanted.section() + " has no item " + wanted.item());
            }
            JsonNode before = wanted.cell().in(item);
            requireSeen(wanted.was(), before);
            wanted.cell().put(item, wanted.value());
            work.on(Planner.SECTIONS).update(wanted.section(), stored -> section);
            return work.on(Planner.EDITS)
                    .create(new Edit(
                            null,
                            now,
                            wanted.section(),
                            wanted.item(),
                            wanted.cell().path(),
                            before,
                            wanted.value()));
        });
    }

    private static void requireSeen(@Nullable JsonNode seen, @Nullable JsonNode now) {
        if (seen != null && !seen.equals(now) && !(seen.isNull() && now == null)) {
            throw new ChangedMeanwhileException("The cell does not hold what \"was\" says; read the document again");
        }
    }

    /**
     * Replaces the document. What is in it already keeps its text.
     *
     * @param seen the document as the caller saw it, or null to replace whatever there is
     * @throws ChangedMeanwhileException if it is another one by now
     */
    void replace(Plan plan, @Nullable Seen seen) {
        storage.inUnitOfWork(work -> {
            Envelope envelope = work.envelope(Planner.SECTIONS);
            // Every replacement writes the envelope, so of two at a time one is done again, on the other's result.
            String around = envelope.read();
            List<String> old = new ArrayList<>();
            for (ObjectNode section : storage.repository(Planner.SECTIONS).findAll()) {
                String id = section.path("id").asText();
                old.add(id);
                work.on(Planner.SECTIONS).findById(id);
            }
            if (seen != null && !seen.is(document().value())) {
                throw new ChangedMeanwhileException("The document was changed since; read it again");
            }
            envelope.write(sameText(tree(around), plan.envelope()) ? around : Json.pretty(plan.envelope()));
            replaceSections(work, old, plan.sections());
            return plan;
        });
    }

    /** How a caller names the document it saw. */
    @FunctionalInterface
    interface Seen {
        boolean is(byte[] text);
    }

    /** Sections whose order stays are changed in place; behind the first that moved all are written anew, for new ones go last. */
    private static void replaceSections(UnitOfWork work, List<String> old, Map<String, ObjectNode> wanted) {
        UnitOfWork.Records<ObjectNode, String> records = work.on(Planner.SECTIONS);
        List<String> kept = new ArrayList<>();
        for (String id : old) {
            if (wanted.containsKey(id)) {
                kept.add(id);
            } else {
                records.delete(id);
            }
        }
        List<String> order = List.copyOf(wanted.keySet());
        int inPlace = Arrays.mismatch(kept.toArray(), order.toArray());
        if (inPlace < 0) {
            inPlace = order.size();
        }
        for (String id : order.subList(0, inPlace)) {
            ObjectNode section = Objects.requireNonNull(wanted.get(id));
            if (records.findById(id).filter(stored -> sameText(stored, section)).isEmpty()) {
                records.update(id, stored -> section);
            }
        }
        kept.subList(inPlace, kept.size()).forEach(records::delete);
        wanted.values().stream().skip(inPlace).forEach(records::create);
    }

    /** To the digit and in this order, which trees that are equal need not be. */
    private static boolean sameText(JsonNode one, JsonNode other) {
        return Arrays.equals(Json.bytes(one), Json.bytes(other));
    }

    private static JsonNode tree(String json) {
        try {
            return Json.MAPPER.readTree(json);
        } catch (IOException e) {
            throw new IllegalStateException("The envelope is no JSON", e);
        }
    }
}

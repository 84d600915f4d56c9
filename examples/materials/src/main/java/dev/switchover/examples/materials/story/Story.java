package dev.switchover.examples.materials.story;

import dev.switchover.examples.materials.story.Visitor.Answer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Plays the whole path with the service as a process, and says what it sees: JSON, JSON first, PostgreSQL first with an outage
 * and a {@code kill -9}, PostgreSQL alone with an export, and straight back. Ends non-zero if anything is not as it should be.
 */
public final class Story {

    private static final int EDITS_BEFORE_THE_KILL = 200;

    private final Scene scene;
    private String document = "";

    private Story(Scene scene) {
        this.scene = scene;
    }

    public static void main(String[] args) throws IOException {
        Path root = Files.createTempDirectory("switchover-materials");
        play(root, System.out);
        delete(root);
        System.out.println();
        System.out.println(
                "In every phase the service answered with the document as it was, and nothing acknowledged was lost.");
    }

    /** @throws IllegalStateException if something is wrong; it has been said which */
    static void play(Path root, PrintStream out) throws IOException {
        try (Scene scene = Scene.set(root, out)) {
            Story story = new Story(scene);
            story.jsonOnly();
            story.jsonFirst();
            story.databaseFirst();
            story.killed();
            story.databaseOnly();
            story.back();
        }
    }

    private void jsonOnly() throws IOException {
        try (ServiceProcess service = scene.start("JSON alone")) {
            Visitor visitor = new Visitor(service.port());
            scene.see(visitor.document().text().equals(scene.file()), "GET gives materials.json byte for byte");
            edit(visitor, "price.ttc", "379.90");
            scene.see(visitor.history().text().contains("389.90"), "the history says what the price was before");
            Answer refused = visitor.edit("kitchen", 0, "price.ttc", "\"cheap\"");
            scene.see(refused.status() == 422, "a price that is a word is refused: 422");
            scene.see(visitor.document().text().equals(document), "and changes nothing");
        }
        scene.see(scene.file().equals(document), "the file has it");
    }

    private void jsonFirst() throws IOException {
        try (ServiceProcess service = scene.start("JSON first, PostgreSQL follows", "FF_DUAL_WRITE_ENABLED=true")) {
            Visitor visitor = served(service);
            edit(visitor, "order.quantity", "2");
            clean(visitor);
        }
    }

    private void databaseFirst() throws IOException {
        try (ServiceProcess service = scene.start(
                "PostgreSQL first, JSON follows", "FF_USE_DATABASE_STORAGE=true", "FF_DUAL_WRITE_ENABLED=true")) {
            Visitor visitor = served(service);
            edit(visitor, "comments.client", "\"livraison le matin\"");
            clean(visitor);
            scene.way().cut();
            Answer stale = visitor.document();
            scene.see(
                    stale.status() == 200
                            && !stale.stale().isEmpty()
                            && stale.text().equals(document),
                    "the database is away: reads are answered from the file, and say so");
            scene.see(visitor.edit("kitchen", 0, "order.quantity", "3").status() == 503, "writes are refused: 503");
            scene.way().mend();
            Answer again = visitor.edit("kitchen", 0, "order.quantity", "3");
            for (int i = 0; i < 50 && again.status() == 503; i++) {
                pause();
                again = visitor.edit("kitchen", 0, "order.quantity", "3");
            }
            scene.see(again.status() == 200, "it is back: writes are taken again");
            document = visitor.document().text();
        }
    }

    private void killed() throws IOException {
        String[] flags = {"FF_USE_DATABASE_STORAGE=true", "FF_DUAL_WRITE_ENABLED=true"};
        List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
        try (ServiceProcess service = scene.start("kill -9 in the middle of edits", flags)) {
            Visitor visitor = served(service);
            Thread writer = new Thread(() -> editUntilGone(visitor, acknowledged), "story-writer");
            writer.start();
            while (acknowledged.size() < EDITS_BEFORE_THE_KILL && writer.isAlive()) {
                pause();
            }
            service.kill();
            await(writer);
        }
        try (ServiceProcess service = scene.start("Started again", flags)) {
            Visitor visitor = new Visitor(service.port());
            String history = visitor.history().text();
            List<String> all = List.copyOf(acknowledged);
            scene.see(
                    all.size() >= EDITS_BEFORE_THE_KILL && all.stream().allMatch(history::contains),
                    all.size() + " acknowledged edits are all there");
            document = visitor.document().text();
            clean(visitor);
        }
    }

    private static void editUntilGone(Visitor visitor, List<String> acknowledged) {
        try {
            for (int i = 0; ; i++) {
                String note = "\"edit number " + i + "\"";
                if (visitor.edit("bathroom", 0, "comments.client", note).status() == 200) {
                    acknowledged.add(note);
                }
            }
        } catch (IOException gone) {
            // Killed.
        }
    }

    private void databaseOnly() throws IOException {
        try (ServiceProcess service = scene.start("PostgreSQL alone", "USE_DATABASE=true")) {
            Visitor visitor = served(service);
            String file = scene.file();
            edit(visitor, "approvals.cray.status", "\"approved\"");
            scene.see(scene.file().equals(file), "the file is not touched");
            scene.see(visitor.export().status() == 200, "export-to-json");
            scene.see(scene.file().equals(document), "the file is the document again");
            edit(visitor, "order.ordered", "true");
        }
    }

    private void back() throws IOException {
        try (ServiceProcess service = scene.start("Straight back to JSON alone")) {
            served(service);
        }
        scene.see(scene.file().equals(document), "the file has what was written after the export");
    }

    private Visitor served(ServiceProcess service) throws IOException {
        Visitor visitor = new Visitor(service.port());
        scene.see(visitor.document().text().equals(document), "GET gives the document byte for byte");
        return visitor;
    }

    private void edit(Visitor visitor, String field, String value) throws IOException {
        Answer answer = visitor.edit("kitchen", 0, field, value);
        scene.see(answer.status() == 200, "PATCH kitchen, first item, " + field + " = " + value);
        document = visitor.document().text();
    }

    private void clean(Visitor visitor) throws IOException {
        Answer verified = visitor.verify();
        boolean equal = verified.status() == 200 && !verified.text().matches("(?s).*\"drift\":[1-9].*");
        scene.see(equal, "both stores are equal");
    }

    private static void await(Thread writer) {
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

package dev.switchover.storage.document;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a change made through a record class into the stored text. Three texts meet: what is stored, what the class makes of it
 * unchanged, and what the class makes of the changed record. The difference of the last two is the change; everything else of
 * the stored text stays as it is: unknown properties, digits, escapes, order and white space.
 *
 * <ul>
 *   <li>A value the change does not touch keeps its stored text, or stays absent.
 *   <li>Objects are merged member by member; a member the class does not know stays, one that the change drops goes, a new
 *       one comes last.
 *   <li>A list element that equals an earlier one of the list keeps that one's stored text, wherever it stands now. Where both
 *       lists have the same length, an element that is new is merged with the stored one at its place, unless that one is
 *       still in the list elsewhere. Other new elements are stored as the class writes them.
 *   <li>What is new is laid out like its neighbours.
 * </ul>
 */
public final class RecordMerge {

    private final TextBuffer out = new TextBuffer(1 << 10);

    private RecordMerge() {}

    /**
     * @param stored the text to keep
     * @param before the stored record, read and written by the record class
     * @param after the changed record, written by the record class
     */
    public static byte[] merge(byte[] stored, byte[] before, byte[] after) {
        RecordMerge merge = new RecordMerge();
        JsonValue kept = JsonValue.of(stored);
        // What surrounds the value, which may be a final line break, belongs to the stored text too.
        merge.out.write(stored, 0, kept.from());
        merge.value(kept, JsonValue.of(before), JsonValue.of(after), TextStyle.COMPACT);
        merge.out.write(stored, kept.to(), stored.length - kept.to());
        return merge.out.toBytes();
    }

    private void value(JsonValue stored, JsonValue before, JsonValue after, TextStyle style) {
        if (before.sameText(after)) {
            keep(stored);
        } else if (all(JsonValue.Kind.OBJECT, stored, before, after)) {
            object(stored, before, after, style);
        } else if (all(JsonValue.Kind.ARRAY, stored, before, after)) {
            array(stored, before, after, style);
        } else {
            style.lay(after, out);
        }
    }

    private void object(JsonValue stored, JsonValue before, JsonValue after, TextStyle around) {
        List<JsonValue.Member> members = stored.members();
        Frame frame = members.isEmpty() ? Frame.of(around) : Frame.of(stored, members, around);
        Map<String, JsonValue.Member> old = byName(before);
        Map<String, JsonValue.Member> changed = byName(after);
        Set<String> present = new HashSet<>();
        boolean first = true;
        int end = 0;
        out.write('{');
        for (JsonValue.Member member : members) {
            int separator = end;
            end = member.value().to();
            String name = member.name();
            present.add(name);
            JsonValue.Member next = changed.get(name);
            JsonValue.Member previous = old.get(name);
            if (next == null && previous != null) {
                continue;
            }
            // Comma, key and colon as they are.
            if (first) {
                out.write(frame.first);
                separator = member.key().from();
            }
            first = false;
            out.write(stored.source(), separator, member.value().from() - separator);
            if (next == null) {
                keep(member.value());
            } else if (previous == null) {
                frame.inner.lay(next.value(), out);
            } else {
                value(member.value(), previous.value(), next.value(), frame.inner);
            }
        }
        for (Map.Entry<String, JsonValue.Member> entry : changed.entrySet()) {
            JsonValue.Member previous = old.get(entry.getKey());
            JsonValue.Member next = entry.getValue();
            boolean untouched = previous != null && previous.value().sameText(next.value());
            if (present.contains(entry.getKey()) || untouched) {
                continue;
            }
            out.write(first ? frame.first : frame.next);
            first = false;
            keep(next.key());
            out.write(frame.inner.colon());
            frame.inner.lay(next.value(), out);
        }
        out.write(first ? "" : frame.last);
        out.write('}');
    }

    private void array(JsonValue stored, JsonValue before, JsonValue after, TextStyle around) {
        List<JsonValue> kept = stored.elements();
        List<JsonValue> old = before.elements();
        List<JsonValue> changed = after.elements();
        if (kept.size() != old.size()) {
            around.lay(after, out);
            return;
        }
        @Nullable JsonValue[] from = new JsonValue[changed.size()];
        boolean[] claimed = new boolean[old.size()];
        Map<String, Deque<Integer>> places = new HashMap<>();
        for (int i = 0; i < old.size(); i++) {
            places.computeIfAbsent(old.get(i).raw(), text -> new ArrayDeque<>()).add(i);
        }
        for (int i = 0; i < changed.size(); i++) {
            Deque<Integer> same = places.get(changed.get(i).raw());
            if (same != null && !same.isEmpty()) {
                int place = same.remove();
                claimed[place] = true;
                from[i] = kept.get(place);
            }
        }
        Frame frame = kept.isEmpty() ? Frame.of(around) : Frame.ofElements(stored, kept, around);
        boolean sameLength = changed.size() == old.size();
        out.write('[');
        for (int i = 0; i < changed.size(); i++) {
            out.write(i == 0 ? frame.first : frame.next);
            JsonValue same = from[i];
            if (same != null) {
                keep(same);
            } else if (sameLength && !claimed[i]) {
                value(kept.get(i), old.get(i), changed.get(i), frame.inner);
            } else {
                frame.inner.lay(changed.get(i), out);
            }
        }
        out.write(changed.isEmpty() ? "" : frame.last);
        out.write(']');
    }

    private void keep(JsonValue value) {
        out.write(value.source(), value.from(), value.to() - value.from());
    }

    private static boolean all(JsonValue.Kind kind, JsonValue stored, JsonValue before, JsonValue after) {
        return stored.kind() == kind && before.kind() == kind && after.kind() == kind;
    }

    private static Map<String, JsonValue.Member> byName(JsonValue object) {
        Map<String, JsonValue.Member> members = new LinkedHashMap<>();
        for (JsonValue.Member member : object.members()) {
            members.put(member.name(), member);
        }
        return members;
    }

    /** The white space of one container, found in its text: before the first member, between two, behind the last one. */
    private record Frame(String first, String next, String last, TextStyle inner) {

        /** Of a container that is empty so far, in the style of what is around it. */
        static Frame of(TextStyle style) {
            if (!style.multiline()) {
                return new Frame("", style.comma(), "", style);
            }
            String line = style.newline() + style.base() + style.unit();
            return new Frame(line, "," + line, style.newline() + style.base(), style.deeper());
        }

        static Frame of(JsonValue object, List<JsonValue.Member> members, TextStyle around) {
            JsonValue.Member head = members.get(0);
            String colon = text(object, head.key().to(), head.value().from());
            int second = members.size() > 1 ? members.get(1).key().from() : -1;
            JsonValue tail = members.get(members.size() - 1).value();
            return found(object, head.key().from(), head.value().to(), second, tail.to(), colon, around);
        }

        static Frame ofElements(JsonValue array, List<JsonValue> elements, TextStyle around) {
            JsonValue head = elements.get(0);
            int second = elements.size() > 1 ? elements.get(1).from() : -1;
            int end = elements.get(elements.size() - 1).to();
            return found(array, head.from(), head.to(), second, end, around.colon(), around);
        }

        private static Frame found(
                JsonValue in, int firstFrom, int firstTo, int second, int end, String colon, TextStyle around) {
            String first = text(in, in.from() + 1, firstFrom);
            String next = second < 0 ? "," + first : text(in, firstTo, second);
            String last = text(in, end, in.to() - 1);
            int line = first.lastIndexOf('\n');
            if (line < 0) {
                String comma = second < 0 ? around.multiline() ? "," : around.comma() : next;
                return new Frame(first, second < 0 ? comma : next, last, new TextStyle("", "", "", comma, colon));
            }
            String indentation = first.substring(line + 1);
            String outer = last.substring(last.lastIndexOf('\n') + 1);
            String unit = indentation.length() > outer.length() ? indentation.substring(outer.length()) : "  ";
            String newline = line > 0 && first.charAt(line - 1) == '\r' ? "\r\n" : "\n";
            return new Frame(first, next, last, new TextStyle(newline, indentation, unit, ",", colon));
        }

        private static String text(JsonValue in, int from, int to) {
            return new String(in.source(), from, to - from, StandardCharsets.UTF_8);
        }
    }
}

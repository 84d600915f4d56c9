package dev.switchover.dualwrite.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** JSON text as the model sees it: a tree whose leaves know how they are written. Nothing of the library is used. */
sealed interface Json {

    record Text(String value, String raw) implements Json {
        @Override
        public String compact() {
            return raw;
        }

        @Override
        public String toString() {
            return raw;
        }
    }

    record Number(String raw) implements Json {
        @Override
        public String compact() {
            return raw;
        }

        @Override
        public String toString() {
            return raw;
        }
    }

    /** {@code true}, {@code false} or {@code null}. */
    record Word(String raw) implements Json {
        @Override
        public String compact() {
            return raw;
        }

        @Override
        public String toString() {
            return raw;
        }
    }

    record Array(List<Json> elements) implements Json {
        @Override
        public String compact() {
            return elements.stream().map(Json::compact).collect(Collectors.joining(",", "[", "]"));
        }

        @Override
        public String toString() {
            return compact();
        }
    }

    record Member(Text key, Json value) {}

    /** May have a key twice, to be refused. */
    record Obj(List<Member> members) implements Json {
        @Override
        public String compact() {
            return members.stream()
                    .map(member -> member.key.raw + ":" + member.value.compact())
                    .collect(Collectors.joining(",", "{", "}"));
        }

        @Override
        public String toString() {
            return compact();
        }

        /** Null also where the member is null. */
        @Nullable
        Json get(String name) {
            for (Member member : members) {
                if (member.key.value.equals(name)) {
                    return member.value.equals(NULL) ? null : member.value;
                }
            }
            return null;
        }

        boolean has(String name) {
            return members.stream().anyMatch(member -> member.key.value.equals(name));
        }

        /** With the value in the place of the old one, or last. */
        Obj with(String name, Json value) {
            List<Member> changed = new ArrayList<>(members);
            for (int i = 0; i < changed.size(); i++) {
                if (changed.get(i).key.value.equals(name)) {
                    changed.set(i, new Member(changed.get(i).key, value));
                    return new Obj(changed);
                }
            }
            changed.add(new Member(text(name), value));
            return new Obj(changed);
        }
    }

    Word NULL = new Word("null");

    /** No white space; every leaf as it is written. */
    String compact();

    static Text text(String value) {
        return new Text(value, quoted(value, "0123456789ABCDEF"));
    }

    /** A string with no more escapes than it needs, these with the digits given. */
    static String quoted(String value, String digits) {
        StringBuilder raw = new StringBuilder("\"");
        for (char c : value.toCharArray()) {
            int named = "\"\\\b\f\n\r\t".indexOf(c);
            if (named >= 0) {
                raw.append('\\').append("\"\\bfnrt".charAt(named));
            } else if (c < 0x20) {
                raw.append("\\u00").append(c >> 4).append(digits.charAt(c & 15));
            } else {
                raw.append(c);
            }
        }
        return raw.append('"').toString();
    }

    /** Every character as an escape: another way to write the same. */
    static Text escaped(String value) {
        StringBuilder raw = new StringBuilder("\"");
        value.chars().forEach(c -> raw.append(String.format(java.util.Locale.ROOT, "\\u%04x", c)));
        return new Text(value, raw.append('"').toString());
    }

    /** The same value with white space in many places. */
    static String spaced(Json json) {
        if (json instanceof Array array) {
            return array.elements.stream().map(Json::spaced).collect(Collectors.joining(" ,\n", "[ ", "\t]"));
        }
        if (json instanceof Obj object) {
            return object.members.stream()
                    .map(member -> member.key.raw + " : " + spaced(member.value))
                    .collect(Collectors.joining(",\r\n  ", "{\n  ", " }"));
        }
        return json.compact();
    }

    /** Sound JSON text without the white space between its tokens. */
    static String withoutBlanks(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean inText = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (inText && c == '\\') {
                out.append(c).append(text.charAt(++i));
                continue;
            }
            inText ^= c == '"';
            if (inText || " \n\r\t".indexOf(c) < 0) {
                out.append(c);
            }
        }
        return out.toString();
    }
}

package dev.switchover.postgres;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a database URL apart by hand: the driver does not know {@code user:password@host} and takes the whole for a host,
 * {@code java.net.URI} knows neither several hosts nor half of the characters in real passwords. Used once, by one thread. No
 * problem quotes the URL, for the part that is wrong may be the password.
 */
final class DatabaseUrlParser {

    private final List<String> problems;
    private final UrlParameters parameters;

    private @Nullable String user;
    private @Nullable String password;
    private @Nullable String database;
    private @Nullable String hostParameter;
    private @Nullable String portParameter;
    private final List<String> hosts = new ArrayList<>();

    DatabaseUrlParser(List<String> problems) {
        this.problems = problems;
        this.parameters = new UrlParameters(problems);
    }

    /** Null, or anything, if there are problems. */
    @Nullable
    DatabaseUrl parse(String url) {
        String rest;
        boolean jdbc = false;
        if (url.startsWith("postgresql://")) {
            rest = url.substring("postgresql:".length());
        } else if (url.startsWith("postgres://")) {
            rest = url.substring("postgres:".length());
        } else if (url.startsWith("jdbc:postgresql:")) {
            rest = url.substring("jdbc:postgresql:".length());
            jdbc = true;
        } else if (url.isEmpty()) {
            problems.add("it is empty");
            return null;
        } else {
            problems.add("it must begin with postgresql://, postgres:// or jdbc:postgresql:");
            return null;
        }
        int question = rest.indexOf('?');
        String query = question < 0 ? "" : rest.substring(question + 1);
        String place = question < 0 ? rest : rest.substring(0, question);
        if (place.startsWith("//")) {
            authorityAndDatabase(place.substring(2));
        } else if (jdbc) {
            database(place.startsWith("/") ? place.substring(1) : place);
        }
        query(query);
        hostParameters();
        if (hosts.isEmpty()) {
            hosts.add(DatabaseUrl.hostAndPort("localhost", -1));
        }
        return DatabaseUrl.of(hosts, database, user, password, parameters.properties());
    }

    private void authorityAndDatabase(String place) {
        int at = place.indexOf('@');
        int slash = place.indexOf('/');
        String hostsAndDatabase = place;
        if (at >= 0 && (slash < 0 || at < slash)) {
            login(place.substring(0, at));
            hostsAndDatabase = place.substring(at + 1);
        } else if (at >= 0) {
            problems.add("there is an @ behind the first /; in a user or password write / as %2F and @ as %40");
            return;
        }
        slash = hostsAndDatabase.indexOf('/');
        String hostList = slash < 0 ? hostsAndDatabase : hostsAndDatabase.substring(0, slash);
        if (hostList.contains("@")) {
            problems.add("there is more than one @ before the database; in a user or password write it as %40");
            return;
        }
        hosts(hostList);
        if (slash >= 0) {
            database(hostsAndDatabase.substring(slash + 1));
        }
    }

    private void login(String text) {
        int colon = text.indexOf(':');
        user = emptyToNull(decode("the user", colon < 0 ? text : text.substring(0, colon)));
        if (colon >= 0) {
            password = decode("the password", text.substring(colon + 1));
        }
    }

    private void database(String text) {
        if (text.contains("/")) {
            problems.add("there is a / in the database's name; write it as %2F");
            return;
        }
        database = emptyToNull(decode("the database's name", text));
    }

    private void hosts(String list) {
        if (list.isEmpty()) {
            return;
        }
        for (String item : list.split(",", -1)) {
            host(item);
        }
    }

    private void host(String item) {
        String host;
        String port;
        if (item.startsWith("[")) {
            int end = item.indexOf(']');
            if (end < 0 || (end + 1 < item.length() && item.charAt(end + 1) != ':')) {
                problems.add("an IPv6 address is written [address] or [address]:port");
                return;
            }
            host = item.substring(0, end + 1);
            port = end + 1 < item.length() ? item.substring(end + 2) : "";
            if (!host.matches("\\[[0-9A-Fa-f:.]+(%[0-9A-Za-z]+)?]")) {
                problems.add("what is between [ and ] is no IPv6 address");
                return;
            }
        } else {
            int colon = item.indexOf(':');
            host = colon < 0 ? item : item.substring(0, colon);
            port = colon < 0 ? "" : item.substring(colon + 1);
            if (port.contains(":")) {
                problems.add("there is more than one : in a host; an IPv6 address is written [address], and a : in a"
                        + " user or password as %3A");
                return;
            }
            host = decode("a host", host);
            if (host.startsWith("/")) {
                problems.add("Unix sockets are not supported; name a host");
                return;
            }
            if (!host.isEmpty() && !host.matches("[A-Za-z0-9._-]+")) {
                problems.add("a host has characters that no host name has; if they belong to the user or password,"
                        + " percent-encode them and end with @");
                return;
            }
        }
        hosts.add(DatabaseUrl.hostAndPort(host.isEmpty() ? "localhost" : host, port(port)));
    }

    private int port(String text) {
        if (text.isEmpty()) {
            return -1;
        }
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 65_535) {
            problems.add("a port must be a number from 1 to 65535");
            return -1;
        }
        return Integer.parseInt(text);
    }

    private void query(String text) {
        if (text.isEmpty()) {
            return;
        }
        if (text.contains("@")) {
            problems.add("there is an @ behind the first ?; in a user or password write ? as %3F and @ as %40");
            return;
        }
        boolean mayBePassword = false;
        for (String item : text.split("&", -1)) {
            int equals = item.indexOf('=');
            if (equals < 0) {
                problems.add("a parameter has no =; in a password write & as %26");
                continue;
            }
            String name = decode("a parameter's name", item.substring(0, equals));
            String value = decode("a parameter's value", item.substring(equals + 1));
            if (mayBePassword && !UrlParameters.isKnown(name)) {
                problems.add("what follows a password is no known parameter; in a password write & as %26");
                continue;
            }
            mayBePassword = name.equals("password") || UrlParameters.isSecret(name);
            switch (name) {
                case "user" -> user = once("user", user, value);
                case "password" -> password = once("password", password, value);
                case "dbname" -> database = once("dbname", database, value);
                case "host" -> hostParameter = once("host", hostParameter, value);
                case "port" -> portParameter = once("port", portParameter, value);
                default -> parameters.add(name, value);
            }
        }
    }

    private String once(String name, @Nullable String before, String value) {
        if (before != null) {
            problems.add(name + " is given twice");
        }
        return value;
    }

    /** {@code ?host=a,b&port=5432,5433}, as libpq takes it. */
    private void hostParameters() {
        if (hostParameter == null) {
            if (portParameter != null) {
                problems.add("the parameter port needs the parameter host; otherwise write host:port");
            }
            return;
        }
        if (!hosts.isEmpty()) {
            problems.add("hosts are given both before the database and as a parameter");
            return;
        }
        String[] names = hostParameter.split(",", -1);
        String[] ports = portParameter == null ? new String[] {""} : portParameter.split(",", -1);
        if (ports.length != 1 && ports.length != names.length) {
            problems.add("the parameter port must have one port, or one for each host");
            return;
        }
        for (int i = 0; i < names.length; i++) {
            String port = ports[ports.length == 1 ? 0 : i];
            host(names[i] + (port.isEmpty() ? "" : ":" + port));
        }
    }

    /** Percent-decodes as UTF-8; a plus stays a plus. */
    private String decode(String what, String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] != '%') {
                bytes.write(raw[i]);
                continue;
            }
            int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
            int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                problems.add("in " + what + " a % is not followed by two hexadecimal digits; write % as %25");
                return text;
            }
            bytes.write(high * 16 + low);
            i += 2;
        }
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            if (decoded.indexOf(0) >= 0) {
                problems.add(what + " has a NUL character");
            }
            return decoded;
        } catch (CharacterCodingException e) {
            problems.add(what + " is not UTF-8 when its % codes are decoded");
            return text;
        }
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }
}

package dev.switchover.postgres;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of a database URL in the names of libpq or of the driver, turned into those of the driver. The driver
 * drops what it does not know in silence, and with {@code channel_binding} or {@code target_session_attrs} that loses a
 * demand the user made; so whatever is not known here is refused.
 */
final class UrlParameters {

    private static final Map<String, String> LIBPQ = Map.ofEntries(
            Map.entry("application_name", "ApplicationName"),
            Map.entry("fallback_application_name", "ApplicationName"),
            Map.entry("channel_binding", "channelBinding"),
            Map.entry("connect_timeout", "connectTimeout"),
            Map.entry("gssencmode", "gssEncMode"),
            Map.entry("keepalives", "tcpKeepAlive"),
            Map.entry("krbsrvname", "kerberosServerName"),
            Map.entry("load_balance_hosts", "loadBalanceHosts"),
            Map.entry("options", "options"),
            Map.entry("sslcert", "sslcert"),
            Map.entry("sslkey", "sslkey"),
            Map.entry("sslmode", "sslmode"),
            Map.entry("sslnegotiation", "sslNegotiation"),
            Map.entry("sslpassword", "sslpassword"),
            Map.entry("sslrootcert", "sslrootcert"),
            Map.entry("target_session_attrs", "targetServerType"));

    private static final List<String> DRIVER = List.of(
            "ApplicationName",
            "assumeMinServerVersion",
            "channelBinding",
            "connectTimeout",
            "currentSchema",
            "gssEncMode",
            "hostRecheckSeconds",
            "kerberosServerName",
            "loadBalanceHosts",
            "localSocketAddress",
            "loginTimeout",
            "prepareThreshold",
            "preparedStatementCacheQueries",
            "preparedStatementCacheSizeMiB",
            "receiveBufferSize",
            "sendBufferSize",
            "socketTimeout",
            "ssl",
            "sslNegotiation",
            "targetServerType",
            "tcpKeepAlive");

    /** Only the server that takes writes may answer, whatever the user does not mind: a replica's ledger may be old. */
    private static final Map<String, String> SESSION_ATTRIBUTES =
            Map.of("any", "primary", "read-write", "primary", "primary", "primary");

    private static final List<String> TIMEOUTS = List.of("connectTimeout", "loginTimeout", "socketTimeout");
    private static final List<String> SSL_MODES =
            List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final List<String> CHANNEL_BINDINGS = List.of("disable", "prefer", "require");

    private final List<String> problems;
    private final Map<String, String> properties = new TreeMap<>();

    /** @param problems where to add what is wrong */
    UrlParameters(List<String> problems) {
        this.problems = problems;
    }

    /** By the driver's names. */
    Map<String, String> properties() {
        return properties;
    }

    static boolean isSecret(String property) {
        return property.equals("sslpassword");
    }

    static boolean isKnown(String name) {
        return accepted().contains(name);
    }

    void add(String name, String value) {
        String property = propertyFor(name);
        if (property == null) {
            if (name.equals("client_encoding")) {
                String encoding = value.toLowerCase(Locale.ROOT).replace("-", "");
                if (!encoding.equals("utf8") && !encoding.equals("auto")) {
                    problems.add("client_encoding: only UTF8 is possible");
                }
                return;
            }
            problems.add("unknown parameter " + shown(name) + "; accepted are " + String.join(", ", accepted()));
            return;
        }
        String translated = translated(name, property, value);
        if (translated == null) {
            return;
        }
        boolean fallback = name.equals("fallback_application_name");
        if (fallback) {
            properties.putIfAbsent(property, translated);
        } else if (properties.put(property, translated) != null && !property.equals("ApplicationName")) {
            problems.add("parameter " + name + " is given twice");
        }
    }

    private @Nullable String translated(String name, String property, String value) {
        return switch (name) {
            case "target_session_attrs", "targetServerType" -> oneOf(name, value, SESSION_ATTRIBUTES);
            case "load_balance_hosts" -> oneOf(name, value, Map.of("disable", "false", "random", "true"));
            case "keepalives" -> oneOf(name, value, Map.of("0", "false", "1", "true"));
            case "sslmode" -> oneOf(name, value, SSL_MODES);
            case "channel_binding", "channelBinding" -> oneOf(name, value, CHANNEL_BINDINGS);
            default -> {
                if (TIMEOUTS.contains(property) && !value.matches("\\d{1,6}")) {
                    problems.add(name + " must be a number of seconds");
                    yield null;
                }
                yield value;
            }
        };
    }

    private @Nullable String oneOf(String name, String value, Map<String, String> words) {
        String word = words.get(value);
        if (word == null) {
            problems.add(name + " must be one of " + String.join(", ", new TreeSet<>(words.keySet())));
        }
        return word;
    }

    private @Nullable String oneOf(String name, String value, List<String> words) {
        if (words.contains(value)) {
            return value;
        }
        problems.add(name + " must be one of " + String.join(", ", words));
        return null;
    }

    private static @Nullable String propertyFor(String name) {
        return DRIVER.contains(name) ? name : LIBPQ.get(name);
    }

    private static TreeSet<String> accepted() {
        TreeSet<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(LIBPQ.keySet());
        names.addAll(DRIVER);
        names.addAll(List.of("client_encoding", "user", "password", "dbname", "host", "port"));
        return names;
    }

    /** A name that could be part of a password with an {@code &} or {@code ?} in it is not shown. */
    private static String shown(String name) {
        return name.matches("[A-Za-z][A-Za-z0-9_]{0,39}") ? name : "(not shown: it is no plain word)";
    }
}

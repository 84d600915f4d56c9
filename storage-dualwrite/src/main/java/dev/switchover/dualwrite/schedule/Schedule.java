package dev.switchover.dualwrite.schedule;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The moments something is to run at, its <i>slots</i>: the same in every instance, whenever it was started. Immutable.
 *
 * <p>A time of day that a change of the clocks leaves out counts as the same time after the gap; one that comes twice counts the
 * first time.
 */
public sealed interface Schedule {

    /** The last slot at or before this moment. */
    Instant latest(Instant now, ZoneId zone);

    /** The first slot after this moment. */
    Instant next(Instant now, ZoneId zone);

    /** Counted from the first moment of 1970 in UTC: every 6 hours is at 0, 6, 12 and 18 o'clock UTC. */
    record Every(Duration period) implements Schedule {

        public Every {
            if (period.toSeconds() < 60) {
                throw new IllegalArgumentException("at least a minute");
            }
        }

        @Override
        public Instant latest(Instant now, ZoneId zone) {
            long seconds = period.toSeconds();
            return Instant.ofEpochSecond(Math.floorDiv(now.getEpochSecond(), seconds) * seconds);
        }

        @Override
        public Instant next(Instant now, ZoneId zone) {
            return latest(now, zone).plusSeconds(period.toSeconds());
        }

        @Override
        public String toString() {
            return "every " + (period.toSeconds() % 3_600 == 0 ? period.toHours() + "h" : period.toMinutes() + "m");
        }
    }

    /** Each day at this time of the zone. */
    record Daily(LocalTime at) implements Schedule {

        @Override
        public Instant latest(Instant now, ZoneId zone) {
            LocalDate today = now.atZone(zone).toLocalDate();
            Instant slot = slot(today, zone);
            return slot.isAfter(now) ? slot(today.minusDays(1), zone) : slot;
        }

        @Override
        public Instant next(Instant now, ZoneId zone) {
            LocalDate today = now.atZone(zone).toLocalDate();
            Instant slot = slot(today, zone);
            return slot.isAfter(now) ? slot : slot(today.plusDays(1), zone);
        }

        private Instant slot(LocalDate day, ZoneId zone) {
            return day.atTime(at).atZone(zone).toInstant();
        }

        @Override
        public String toString() {
            return "daily@" + at;
        }
    }

    /** Each week on this day at this time of the zone. */
    record Weekly(DayOfWeek day, LocalTime at) implements Schedule {

        @Override
        public Instant latest(Instant now, ZoneId zone) {
            LocalDate last = lastDay(now, zone);
            Instant slot = slot(last, zone);
            return slot.isAfter(now) ? slot(last.minusWeeks(1), zone) : slot;
        }

        @Override
        public Instant next(Instant now, ZoneId zone) {
            LocalDate last = lastDay(now, zone);
            Instant slot = slot(last, zone);
            return slot.isAfter(now) ? slot : slot(last.plusWeeks(1), zone);
        }

        /** Today, or the day it was last. */
        private LocalDate lastDay(Instant now, ZoneId zone) {
            LocalDate today = now.atZone(zone).toLocalDate();
            int since = Math.floorMod(today.getDayOfWeek().getValue() - day.getValue(), 7);
            return today.minusDays(since);
        }

        private Instant slot(LocalDate date, ZoneId zone) {
            return date.atTime(at).atZone(zone).toInstant();
        }

        @Override
        public String toString() {
            return "weekly@" + day.name().substring(0, 3).toLowerCase(Locale.ROOT) + " " + at;
        }
    }

    /** The slots of all of them; one that several of them have counts once. */
    record Several(List<Schedule> all) implements Schedule {

        /** @throws IllegalArgumentException if there is none */
        public Several {
            all = List.copyOf(all);
            if (all.isEmpty()) {
                throw new IllegalArgumentException("at least one");
            }
        }

        @Override
        public Instant latest(Instant now, ZoneId zone) {
            return Collections.max(
                    all.stream().map(one -> one.latest(now, zone)).toList());
        }

        @Override
        public Instant next(Instant now, ZoneId zone) {
            return Collections.min(all.stream().map(one -> one.next(now, zone)).toList());
        }

        @Override
        public String toString() {
            return all.stream().map(Schedule::toString).collect(Collectors.joining(", "));
        }
    }

    /** How a schedule is written, for messages. */
    String FORMS = "daily@02:00, weekly@sun 03:00, every 6h or every 30m, or several with commas between them";

    /**
     * Reads {@code daily@02:00}, {@code weekly@sun 03:00}, {@code every 6h}, {@code every 30m}, or several of these with commas between
     * them; empty if it is none.
     */
    static Optional<Schedule> parse(String text) {
        List<Schedule> all = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Optional<Schedule> one = Forms.one(part);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            all.add(one.get());
        }
        return Optional.of(all.size() == 1 ? all.get(0) : new Several(all));
    }

    /** Apart, for an interface has no private constants. */
    final class Forms {

        private static final String TIME = "\\s*(?<hour>\\d{1,2}):(?<minute>\\d{2})";

        private static final Pattern FORM = Pattern.compile(
                "every\\s+(?<number>\\d{1,5})\\s*(?<unit>[hm])|(?:daily\\s*@|weekly\\s*@\\s*(?<day>mon|tue|wed|thu|fri|sat|sun)\\s)"
                        + TIME);

        private Forms() {}

        private static Optional<Schedule> one(String text) {
            Matcher form = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
            if (!form.matches()) {
                return Optional.empty();
            }
            if (form.group("number") != null) {
                long number = Long.parseLong(form.group("number"));
                Duration period =
                        form.group("unit").equals("h") ? Duration.ofHours(number) : Duration.ofMinutes(number);
                return number < 1 || period.toDays() > 31 ? Optional.empty() : Optional.of(new Every(period));
            }
            int hour = Integer.parseInt(form.group("hour"));
            int minute = Integer.parseInt(form.group("minute"));
            if (hour > 23 || minute > 59) {
                return Optional.empty();
            }
            LocalTime at = LocalTime.of(hour, minute);
            String day = form.group("day");
            return day == null ? Optional.of(new Daily(at)) : day(day).map(known -> new Weekly(known, at));
        }

        /** The day whose name begins so. */
        private static Optional<DayOfWeek> day(String name) {
            return Arrays.stream(DayOfWeek.values())
                    .filter(day -> day.name().toLowerCase(Locale.ROOT).startsWith(name))
                    .findFirst();
        }
    }
}

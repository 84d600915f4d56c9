package dev.switchover.dualwrite.differential;

import dev.switchover.dualwrite.differential.Operation.Draft;
import dev.switchover.dualwrite.differential.Operation.IdRef;
import dev.switchover.storage.Filter;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.Sort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes histories, the same for the same seed. */
final class Histories {

    /** Properties no class knows. */
    private static final List<String> UNKNOWN = List.of("extra", "é", "it's \"x\"", "", "switchover_rest", "ID");

    private final Random random;
    private final Values values;
    private final List<Shape<?, ?>> shapes;
    private final Map<String, List<Integer>> slots = new LinkedHashMap<>();
    private int lastSlot;

    private Histories(long seed, List<Shape<?, ?>> shapes) {
        this.random = new Random(seed);
        this.values = new Values(random);
        this.shapes = shapes;
    }

    /** @param restarts about how many operations lie between two of them */
    static List<Operation> of(long seed, List<Shape<?, ?>> shapes, int operations, int restarts) {
        Histories histories = new Histories(seed, shapes);
        List<Operation> history = new ArrayList<>();
        while (history.size() < operations) {
            if (histories.values.oneIn(restarts)) {
                shapes.forEach(shape -> history.add(new Operation.Audit(shape.name())));
                history.add(histories.restart());
                shapes.forEach(shape -> history.add(new Operation.Audit(shape.name())));
            } else {
                history.add(histories.next());
            }
        }
        return history;
    }

    private Operation restart() {
        if (values.oneIn(3)) {
            return new Operation.Reopen();
        }
        Map<String, Phase> scoped = new LinkedHashMap<>();
        if (values.oneIn(3)) {
            scoped.put(values.one(shapes).name(), values.one(List.of(Phase.values())));
        }
        return new Operation.Flip(values.one(List.of(Phase.values())), scoped);
    }

    private Operation next() {
        Shape<?, ?> shape = values.one(shapes);
        String name = shape.name();
        switch (random.nextInt(30)) {
            case 0, 1:
                return new Operation.Ask(name, query(shape), Operation.Way.LIST);
            case 2:
                return new Operation.Ask(name, query(shape), Operation.Way.COUNT);
            case 3:
                return new Operation.Ask(name, query(shape), Operation.Way.STREAM);
            case 4:
                return new Operation.FirstPage(name, query(shape).limit(1 + random.nextInt(5)));
            case 5, 6:
                return new Operation.NextPage(name);
            case 7, 8, 9:
                return new Operation.RawPut(name, id(shape), body(shape), random.nextBoolean());
            case 10:
                return new Operation.SaveAll(
                        name,
                        IntStream.range(0, random.nextInt(5))
                                .mapToObj(i -> draft(shape))
                                .toList());
            case 11:
                return new Operation.DeleteAll(
                        name,
                        IntStream.range(0, random.nextInt(4))
                                .mapToObj(i -> id(shape))
                                .toList());
            case 12:
                return new Operation.DeleteIf(name, id(shape), !values.oneIn(4));
            case 13, 14, 15:
                return new Operation.Unit(
                        IntStream.range(0, 1 + random.nextInt(5))
                                .mapToObj(i -> step())
                                .toList(),
                        values.oneIn(8));
            case 16:
                return new Operation.Exists(name, id(shape));
            case 17, 18:
                return new Operation.Remember(name, id(shape));
            case 19:
                return new Operation.Audit(name);
            default:
                return step(shape);
        }
    }

    private Operation step() {
        return step(values.one(shapes));
    }

    /** What a unit of work can do too. */
    private Operation step(Shape<?, ?> shape) {
        String name = shape.name();
        switch (random.nextInt(12)) {
            case 0, 1, 2:
                return new Operation.Create(name, draft(shape));
            case 3, 4:
                return new Operation.Save(name, draft(shape));
            case 5:
                return new Operation.SaveIf(name, draft(shape), !values.oneIn(4));
            case 6, 7:
                return new Operation.Update(name, id(shape), changes(shape));
            case 8, 9:
                return new Operation.Delete(name, id(shape));
            case 10:
                return new Operation.Find(name, id(shape));
            default:
                Shape<?, ?> nested =
                        shapes.stream().filter(Shape::hasEnvelope).findFirst().orElseThrow();
                return random.nextBoolean()
                        ? new Operation.ReadEnvelope(nested.name())
                        : new Operation.WriteEnvelope(nested.name(), envelope());
        }
    }

    private String envelope() {
        String other = values.json(1).compact();
        return values.one(List.of(
                "{\"v\": 1.10, \"data\": {\"x\" : " + other + ", \"notes\": {}}}",
                "{\"data\":{\"notes\":{ }},\"\\u00e9\":" + other + "}",
                "{\n\t\"data\" : {\"notes\" : {},\r\n\"n\":1e2}}\n"));
    }

    private Draft draft(Shape<?, ?> shape) {
        Map<String, Object> record = new LinkedHashMap<>();
        shape.properties().forEach((name, type) -> record.put(name, values.of(type)));
        if (shape.storeMakesIds() && random.nextBoolean()) {
            slots.computeIfAbsent(shape.name(), name -> new ArrayList<>()).add(++lastSlot);
            return new Draft(record, null, lastSlot);
        }
        return new Draft(record, id(shape), 0);
    }

    private IdRef id(Shape<?, ?> shape) {
        List<Integer> known = slots.getOrDefault(shape.name(), List.of());
        if (!known.isEmpty() && random.nextInt(4) > 0) {
            // The newest ones, so that they are still there.
            return new IdRef(null, known.get(known.size() - 1 - random.nextInt(Math.min(known.size(), 12))));
        }
        return new IdRef(values.id(shape.definition().idClass()), 0);
    }

    private Map<String, Object> changes(Shape<?, ?> shape) {
        Map<String, Object> changes = new LinkedHashMap<>();
        shape.properties().forEach((name, type) -> {
            if (values.oneIn(3)) {
                changes.put(name, values.of(type));
            }
        });
        return changes;
    }

    private Json.Obj body(Shape<?, ?> shape) {
        List<Json.Member> members = new ArrayList<>();
        shape.properties().forEach((name, type) -> {
            if (!values.oneIn(3)) {
                members.add(new Json.Member(values.oneIn(10) ? Json.escaped(name) : Json.text(name), raw(type)));
            }
        });
        for (String name : UNKNOWN) {
            if (values.oneIn(3)) {
                members.add(new Json.Member(
                        values.oneIn(6) ? Json.escaped(name) : Json.text(name),
                        values.oneIn(200) ? values.refused() : values.json(1)));
            }
        }
        java.util.Collections.shuffle(members, random);
        return new Json.Obj(members);
    }

    /** A value the class can read, written in any way. */
    private Json raw(Class<?> type) {
        Object value = values.of(type);
        if (value == null || type == int.class || value instanceof Long) {
            return Shape.json(value);
        }
        if (value instanceof java.math.BigDecimal || value instanceof Double) {
            return values.rawNumber();
        }
        if (value instanceof String text) {
            return !Refusals.storable(text) || values.oneIn(4) ? Json.escaped(text) : Json.text(text);
        }
        if (value instanceof java.time.Instant moment && values.oneIn(2)) {
            return Json.text(java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                    moment.atOffset(java.time.ZoneOffset.ofHours(2))));
        }
        if (value instanceof java.util.UUID id && values.oneIn(3)) {
            return Json.text(id.toString().toUpperCase(java.util.Locale.ROOT));
        }
        if (value instanceof List<?> list) {
            return new Json.Array(list.stream()
                    .map(text -> Refusals.storable((String) text) ? Shape.json(text) : Json.escaped((String) text))
                    .toList());
        }
        Json json = Shape.json(value);
        return json instanceof Json.Obj object && values.oneIn(2) ? object.with("x", values.json(2)) : json;
    }

    private Query query(Shape<?, ?> shape) {
        List<String> asked = Stream.of(
                        shape.idProperties().stream(),
                        shape.properties().keySet().stream(),
                        UNKNOWN.stream().filter(name -> !name.isEmpty()),
                        Stream.of("stats.total", "stats.mean", "stats.x", "extra.x", "extra.é", "nothing", "text.x"))
                .flatMap(names -> names)
                .toList();
        Query query = Query.all();
        for (int i = random.nextInt(3); i > 0; i--) {
            query = query.where(filter(values.one(asked)));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            Sort sort = random.nextBoolean() ? Sort.ascending(values.one(asked)) : Sort.descending(values.one(asked));
            query = query.orderBy(random.nextBoolean() ? sort : sort.nullsFirst());
        }
        if (values.oneIn(3)) {
            query = query.limit(random.nextInt(8));
        }
        return values.oneIn(4) ? query.offset(random.nextInt(4)) : query;
    }

    private Filter filter(String property) {
        return switch (random.nextInt(6)) {
            case 0 -> Filter.in(property, List.of(values.operand(), values.operand()));
            case 1 -> Filter.prefix(property, values.oneIn(2) ? "2026-01-31T1" : values.text());
            case 2 -> new Filter.Null(property, random.nextBoolean());
            default ->
                new Filter.Comparison(property, values.one(List.of(Filter.Comparator.values())), values.operand());
        };
    }
}

package dev.switchover.storage.schema;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The properties of a record class, as Jackson sees them. Thread-safe. */
final class RecordProperties {

    /**
     * A property and its type. {@code special} says that annotations may make its JSON something else than its type tells.
     */
    record Property(String name, JavaType type, boolean special) {}

    private static final Set<Class<?>> INTEGERS =
            Set.of(long.class, Long.class, int.class, Integer.class, short.class, Short.class, byte.class, Byte.class);

    private static final Set<Class<?>> FRACTIONS = Set.of(double.class, Double.class, float.class, Float.class);

    private static final Set<String> TEXTS = Set.of(
            "char",
            "java.lang.Character",
            "java.lang.String",
            "java.lang.CharSequence",
            "java.net.URI",
            "java.net.URL",
            "java.util.Currency",
            "java.util.Locale",
            "java.util.TimeZone",
            "java.time.LocalDateTime",
            "java.time.LocalTime",
            "java.time.OffsetTime",
            "java.time.ZonedDateTime",
            "java.time.YearMonth",
            "java.time.MonthDay",
            "java.time.Duration",
            "java.time.Period",
            "java.time.ZoneId",
            "java.time.ZoneOffset");

    private final JsonMapper mapper;
    private final JavaType root;
    private final Map<JavaType, Map<String, Property>> known = new ConcurrentHashMap<>();

    RecordProperties(JsonMapper mapper, Class<?> recordClass) {
        this.mapper = mapper;
        this.root = mapper.constructType(recordClass);
    }

    /** Whether the class has no properties of its own, because it takes any: a map or a tree. */
    boolean open() {
        return open(root);
    }

    private static boolean open(JavaType type) {
        return type.isMapLikeType() || type.isTypeOrSubTypeOf(JsonNode.class) || type.isJavaLangObject();
    }

    /** Why the class cannot be written or read, or null. */
    @Nullable
    String trouble() {
        if (root.isPrimitive() || root.isArrayType() || root.isCollectionLikeType() || root.isEnumType()) {
            return "is no class with properties";
        }
        if (!(mapper.getDeserializationContext() instanceof DefaultDeserializationContext context)) {
            return null;
        }
        try {
            mapper.getSerializerProviderInstance().findTypedValueSerializer(root, true, null);
            context.createInstance(
                            mapper.getDeserializationConfig(),
                            mapper.getFactory().createParser("{}"),
                            mapper.getInjectableValues())
                    .findRootValueDeserializer(root);
        } catch (JsonMappingException e) {
            return e.getOriginalMessage();
        } catch (java.io.IOException | IllegalArgumentException e) {
            return e.getMessage();
        }
        return null;
    }

    /** In the order Jackson writes them. */
    Map<String, Property> all() {
        return of(root);
    }

    Map<String, Property> of(JavaType type) {
        Map<String, Property> cached = known.get(type);
        if (cached == null) {
            cached = inspect(type);
            known.put(type, cached);
        }
        return cached;
    }

    private Map<String, Property> inspect(JavaType type) {
        Map<String, Property> properties = new LinkedHashMap<>();
        BeanDescription bean = mapper.getSerializationConfig().introspect(type);
        for (BeanPropertyDefinition definition : bean.findProperties()) {
            AnnotatedMember member = definition.getAccessor();
            if (member != null) {
                boolean special = member.hasAnnotation(JsonSerialize.class) || member.hasAnnotation(JsonFormat.class);
                properties.put(
                        definition.getName(), new Property(definition.getName(), definition.getPrimaryType(), special));
            }
        }
        return properties;
    }

    /** The property at a dotted path, or null if the classes on the way do not know it. */
    @Nullable
    Property find(String path) {
        JavaType type = root;
        Property property = null;
        for (String name : path.split("\\.", -1)) {
            if (!bean(type)) {
                return null;
            }
            property = of(type).get(name);
            if (property == null || property.special) {
                return property != null && path.endsWith(name) ? property : null;
            }
            type = property.type;
        }
        return property;
    }

    PropertyKind kind(String path) {
        Property property = find(path);
        if (property == null || property.special) {
            return PropertyKind.UNKNOWN;
        }
        return switch (column(property)) {
            case BIGINT, INTEGER, NUMERIC, DOUBLE -> PropertyKind.NUMBER;
            case TEXT, UUID -> PropertyKind.TEXT;
            case BOOLEAN -> PropertyKind.BOOLEAN;
            case DATE -> PropertyKind.DATE;
            case TIMESTAMP -> PropertyKind.TIMESTAMP;
            case JSON -> {
                JavaType type = property.type;
                boolean nested = bean(type) || type.isContainerType();
                yield nested && !type.isTypeOrSubTypeOf(JsonNode.class) ? PropertyKind.NESTED : PropertyKind.UNKNOWN;
            }
        };
    }

    ColumnType column(Property property) {
        Class<?> type = property.type.getRawClass();
        if (property.special) {
            return ColumnType.JSON;
        }
        if (INTEGERS.contains(type)) {
            return type == long.class || type == Long.class ? ColumnType.BIGINT : ColumnType.INTEGER;
        }
        if (FRACTIONS.contains(type)) {
            return ColumnType.DOUBLE;
        }
        if (type == BigDecimal.class || type == BigInteger.class) {
            return ColumnType.NUMERIC;
        }
        if (type == boolean.class || type == Boolean.class) {
            return ColumnType.BOOLEAN;
        }
        if (type == UUID.class) {
            return ColumnType.UUID;
        }
        if (type == LocalDate.class) {
            return ColumnType.DATE;
        }
        if (type == Instant.class || type == OffsetDateTime.class) {
            return ColumnType.TIMESTAMP;
        }
        return TEXTS.contains(type.getName()) || writtenAsText(type) ? ColumnType.TEXT : ColumnType.JSON;
    }

    /** An enum is text unless its class says otherwise. */
    private boolean writtenAsText(Class<?> type) {
        Object[] constants = type.getEnumConstants();
        return type.isEnum()
                && constants != null
                && constants.length > 0
                && mapper.valueToTree(constants[0]).isTextual();
    }

    /** Whether it is an object with properties of its own, as one that can be flattened. */
    boolean bean(JavaType type) {
        Class<?> raw = type.getRawClass();
        return !open(type)
                && !type.isContainerType()
                && !type.isPrimitive()
                && !type.isEnumType()
                && !type.isReferenceType()
                && !raw.getName().startsWith("java.");
    }
}

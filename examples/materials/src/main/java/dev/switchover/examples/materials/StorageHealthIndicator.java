package dev.switchover.examples.materials;

import dev.switchover.dualwrite.StorageHealth;
import dev.switchover.dualwrite.SwitchoverStorage;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.stereotype.Component;

/** The storage in {@code /actuator/health}, as {@code storage}. Degraded is answered with 200: a restart would not help. */
@Component("storageHealthIndicator")
class StorageHealthIndicator implements HealthIndicator {

    private final SwitchoverStorage storage;

    StorageHealthIndicator(SwitchoverStorage storage) {
        this.storage = storage;
    }

    @Override
    public Health health() {
        StorageHealth health = StorageHealth.of(storage.status());
        Status status = switch (health.level()) {
            case UP -> Status.UP;
            case DEGRADED -> new Status("DEGRADED");
            case DOWN -> Status.DOWN;
        };
        return Health.status(status).withDetail("reasons", health.reasons()).build();
    }
}

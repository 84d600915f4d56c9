package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.preflight.RecordSurvey;
import dev.switchover.dualwrite.preflight.Volume;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.ParkedRecord;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a start would be refused for once the guard has let it pass and it prepares a change of authority, told without doing it.
 */
public final class Foresight {

    private Foresight() {}

    /**
     * The first refusal there would be.
     *
     * @param from the authority
     * @param parked there
     * @param survey of all its records
     * @param lacking how many of its records the other store lacks or has otherwise
     * @param usable bytes that are free where the JSON files are; empty if the file system does not say
     */
    public static Optional<StartRefusedException> refusal(
            CollectionSchema<?, ?> schema,
            Store from,
            List<ParkedRecord> parked,
            RecordSurvey survey,
            long lacking,
            OptionalLong usable) {
        if (!parked.isEmpty()) {
            return Optional.of(Parked.refusal(schema.name(), from, parked));
        }
        if (survey.refused() > 0) {
            return Optional.of(PrepareRefusals.preflightFailed(schema.name(), from, survey));
        }
        return from == Store.POSTGRESQL && lacking > 0
                ? noRoom(schema, survey.volume(), lacking, usable)
                : Optional.empty();
    }

    /**
     * Records that no ledger knows, and that differ.
     *
     * @param differing for people
     */
    public static StartRefusedException unknownContent(String collection, Store authority, String differing) {
        Store other = authority.other();
        return new StartRefusedException(
                "UNKNOWN-CONTENT",
                List.of(
                        "collection " + collection,
                        other.label() + " has records and no ledger, and they differ from those of "
                                + authority.label(),
                        differing),
                "Say which store is right: SWITCHOVER_ADOPT=json or SWITCHOVER_ADOPT=database; what only the other one"
                        + " has is saved aside. Or correct DATABASE_URL or the directory.",
                null);
    }

    /** How long the records are that are lacking is not known; they are taken to be as long as the others. */
    private static Optional<StartRefusedException> noRoom(
            CollectionSchema<?, ?> schema, Volume all, long lacking, OptionalLong usable) {
        Volume some = all.share(lacking);
        RoomNeeded needed = RoomNeeded.of(schema.definition().jsonLayout(), all, some, some);
        if (!needed.fitsOneFile()) {
            return Optional.of(PrepareRefusals.fileTooLarge(schema.name(), needed));
        }
        return usable.isPresent() && usable.getAsLong() < needed.bytes()
                ? Optional.of(PrepareRefusals.diskSpace(schema.name(), usable.getAsLong(), needed))
                : Optional.empty();
    }
}

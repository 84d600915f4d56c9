package dev.switchover.dualwrite;

import dev.switchover.dualwrite.view.StoreSight;
import dev.switchover.storage.schema.CollectionSchema;

/** Both stores as far as they can be looked at from here. Thread-safe. */
interface Sights {

    StoreSight json();

    StoreSight database(CollectionSchema<?, ?> schema);
}

import { InitialSchema1763600000000 } from './1763600000000-initial-schema';

/** All migrations, oldest first. One that has landed is never edited. */
export const migrations = [InitialSchema1763600000000];

import { FirstSchema1796100000000 } from './1796100000000-first-schema';

/** All migrations, oldest first. One that has landed is never edited. */
export const migrations = [FirstSchema1796100000000];

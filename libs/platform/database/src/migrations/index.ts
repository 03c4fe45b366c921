import { FirstSchema1796400000000 } from './1796400000000-first-schema';

/** All migrations, oldest first. From 0.2.0 on, one that has landed is never edited. */
export const migrations = [FirstSchema1796400000000];

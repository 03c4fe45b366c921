import { FirstSchema1796500000000 } from './1796500000000-first-schema';

/** All migrations, oldest first. From 0.2.0 on, one that has landed is never edited. */
export const migrations = [FirstSchema1796500000000];

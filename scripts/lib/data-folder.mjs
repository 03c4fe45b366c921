import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { CLONE } from './clone.mjs';

/**
 * Where the private database, the made-up keys and the demo of this clone lie: `COUNTERSIGN_DATA_DIR` when it is set,
 * `.data/` in the clone otherwise. For root it is a folder of its own below `/var/lib`, because the database then
 * runs as another user, who may not pass through the clone's parents.
 */
export function dataFolder(env = process.env, uid = process.getuid?.()) {
  if (env.COUNTERSIGN_DATA_DIR) return resolve(env.COUNTERSIGN_DATA_DIR);
  if (uid !== 0) return join(CLONE, '.data');
  const id = createHash('sha256').update(CLONE).digest('hex').slice(0, 12);
  return join('/var/lib/countersign', id);
}

/** Whether the launcher's conveniences (private database, made-up keys, demo) are wanted at all. */
export function isDevelopment(env = process.env) {
  return !env.NODE_ENV || env.NODE_ENV === 'development';
}

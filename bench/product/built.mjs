import { createRequire } from 'node:module';
import { inClone } from '../../scripts/lib/clone.mjs';

const require = createRequire(import.meta.url);

/** The index of a lib as it was built: `built('published/fake-telegram/src')`. */
export function built(folder) {
  return require(inClone('dist', folder, 'index.js'));
}

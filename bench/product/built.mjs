import { createRequire } from 'node:module';
import { inClone } from '../../scripts/lib/clone.mjs';

const require = createRequire(import.meta.url);

/** The index of a lib as it was built, or one file of it: `built('published/fake-telegram/src')`. */
export function built(path) {
  return require(inClone('dist', path));
}

import { inClone } from './clone.mjs';
import { ensureInstalledIn } from './install.mjs';

/** Installs a local chain for tests. Other systems than Linux on x64 get an empty folder. */
export function ensureAnvil() {
  return ensureInstalledIn(inClone('test', 'anvil'), 'Installing anvil, a local chain for tests ...', [
    '--ignore-scripts',
  ]);
}

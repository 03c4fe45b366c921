import './lib/node-version.mjs';
import { CLONE, inClone } from './lib/clone.mjs';
import { main } from './lib/main.mjs';
import { runChild } from './lib/run-child.mjs';

const NAMES = ['identity-token', 'client', 'server', 'fake-telegram', 'webhooks', 'verify'];

/** Packs each package that is published, or those that are named, and tries it in an empty folder. */
await main(async () => {
  const codes = [];
  const words = process.argv.slice(2);
  const named = NAMES.filter((name) => words.includes(name));
  const others = words.filter((word) => !NAMES.includes(word));
  for (const name of named.length > 0 ? named : NAMES) {
    const script = inClone('scripts', `check-${name}.mjs`);
    codes.push(await runChild(process.execPath, [script, ...others], { cwd: CLONE, stdio: 'inherit' }));
  }
  return Math.max(...codes);
});

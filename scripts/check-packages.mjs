import './lib/node-version.mjs';
import { CLONE } from './lib/clone.mjs';
import { main } from './lib/main.mjs';
import { runChild } from './lib/run-child.mjs';

const CHECKS = ['identity-token', 'client', 'server', 'fake-telegram', 'webhooks', 'verify'];

/** Packs each package that is published, and tries it in an empty folder. */
await main(async () => {
  const codes = [];
  for (const name of CHECKS)
    codes.push(await runChild('npm', ['run', '--silent', `check:${name}`], { cwd: CLONE, stdio: 'inherit' }));
  return Math.max(...codes);
});

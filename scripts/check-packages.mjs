import './lib/node-version.mjs';
import { CLONE } from './lib/clone.mjs';
import { main } from './lib/main.mjs';
import { runChild } from './lib/run-child.mjs';

const CHECKS = ['contracts', 'identity-token', 'client', 'server', 'fake-telegram', 'webhooks', 'unity'];

/** Packs and tries each package that is published, and compares what is generated of the contracts and of Unity's package. */
await main(async () => {
  const codes = [];
  for (const name of CHECKS)
    codes.push(await runChild('npm', ['run', '--silent', `check:${name}`], { cwd: CLONE, stdio: 'inherit' }));
  return Math.max(...codes);
});

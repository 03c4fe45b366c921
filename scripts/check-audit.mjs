import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inClone } from './lib/clone.mjs';
import { npm } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';

/**
 * `npm audit` of the production dependencies: vulnerabilities that are high or critical fail, others are printed. One that does
 * not reach this service has its line in scripts/audit-exceptions.json: `advisory`, `until` (YYYY-MM-DD) and `reason`.
 *
 * Exit code 1: a finding. 2: the registry gave no answer, so nothing was checked.
 */

const EXCEPTIONS = 'scripts/audit-exceptions.json';

await main(async () => {
  const [command, ...first] = npm();
  const words = [...first, 'audit', '--package-lock-only', '--omit=dev', '--json', '--loglevel=silent'];
  const { stdout } = spawnSync(command, words, { cwd: inClone(), encoding: 'utf8', maxBuffer: 2 ** 28 });
  const { vulnerabilities, message } = JSON.parse(stdout || '{}');
  if (!vulnerabilities) {
    say(`NOT AUDITED: the registry gave no answer (${message ?? 'npm audit printed no report'}).`);
    return 2;
  }
  const today = new Date().toISOString().slice(0, 10);
  const accepted = JSON.parse(readFileSync(inClone(EXCEPTIONS), 'utf8'))
    .filter(({ until, reason }) => until >= today && reason)
    .map(({ advisory }) => advisory);
  // npm also lists the packages that depend on the one at fault, by its name.
  const found = Object.values(vulnerabilities)
    .flatMap(({ via }) => via)
    .filter((via) => typeof via === 'object');
  for (const { severity, name, title, url } of found) say(`${severity}: ${name}: ${title}, ${url}`);
  const isFailing = ({ severity, url }) =>
    ['high', 'critical'].includes(severity) && !accepted.includes(url.split('/').at(-1));
  const failing = found.filter(isFailing).map(({ name }) => name);
  if (failing.length > 0)
    throw new Sentence(`Update these, or accept them in ${EXCEPTIONS}: ${failing.join(', ')}.`);
});

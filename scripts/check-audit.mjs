import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { judgeAudit } from './lib/audit-report.mjs';
import { inClone } from './lib/clone.mjs';
import { npm } from './lib/install.mjs';
import { main, say, Sentence } from './lib/main.mjs';

/**
 * Asks the registry for known vulnerabilities of the production dependencies in package-lock.json. High and critical
 * ones fail; others are printed. One that does not reach this service has its line in scripts/audit-exceptions.json,
 * with the reason and the day until which that holds.
 *
 * Exit code 1: a finding. 2: the registry gave no answer, so nothing was checked.
 */

const EXCEPTIONS = 'scripts/audit-exceptions.json';
const NO_ANSWER = 2;

await main(async () => {
  const exceptions = JSON.parse(readFileSync(inClone(EXCEPTIONS), 'utf8'));
  const report = audit();
  if (!report.vulnerabilities) {
    say(`NOT AUDITED: the registry gave no answer (${report.message ?? 'npm audit printed no report'}).`);
    return NO_ANSWER;
  }
  const { findings, problems } = judgeAudit(report, exceptions, new Date().toISOString().slice(0, 10));
  for (const finding of findings) say(finding);
  if (problems.length > 0) throw new Sentence(`${problems.join('\n')}\nExceptions stand in ${EXCEPTIONS}.`);
  say('No dependency of the service has a known vulnerability that is high or critical.');
});

function audit() {
  const [command, ...first] = npm();
  const args = [...first, 'audit', '--package-lock-only', '--omit=dev', '--json', '--loglevel=silent'];
  const { stdout } = spawnSync(command, args, { cwd: inClone(), encoding: 'utf8', maxBuffer: 2 ** 28 });
  try {
    return JSON.parse(stdout);
  } catch {
    return {};
  }
}

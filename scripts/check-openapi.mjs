import { spawnSync } from 'node:child_process';
import { inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';

/** Lints the OpenAPI document, without network. Warnings fail too. */

const DOCUMENT = 'docs/openapi/public.json';

await main(async () => {
  const linter = inClone('node_modules/@redocly/cli/bin/cli.js');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [linter, 'lint', '--format=json', '--max-problems=1000', DOCUMENT],
    {
      cwd: inClone(),
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    },
  );
  if (!stdout.startsWith('{')) throw new Sentence(`The linter says nothing of ${DOCUMENT}:\n${stderr}`);
  const { problems } = JSON.parse(stdout);
  if (problems.length > 0) throw new Sentence(problems.map(describe).join('\n'));
});

function describe({ severity, ruleId, message, location }) {
  return `${DOCUMENT}${location[0]?.pointer ?? ''}  ${severity}  ${message}  ${ruleId}`;
}

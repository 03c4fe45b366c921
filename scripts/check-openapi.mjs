import { spawnSync } from 'node:child_process';
import { inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';

/** Lints the OpenAPI documents, without network. Warnings fail too. */

const DOCUMENTS = ['public', 'gateway', 'admin'].map((name) => `docs/openapi/${name}.json`);
const ENVIRONMENT = { NO_COLOR: '1', REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

await main(async () => {
  const linter = inClone('node_modules/@redocly/cli/bin/cli.js');
  const { status, stderr } = spawnSync(
    process.execPath,
    [linter, 'lint', '--format=stylish', '--max-problems=1000', ...DOCUMENTS],
    {
      cwd: inClone(),
      env: { ...process.env, ...ENVIRONMENT },
      encoding: 'utf8',
      stdio: ['ignore', 'inherit', 'pipe'],
    },
  );
  process.stderr.write(stderr);
  if (status !== 0 || /\d+ (warning|problem)/.test(stderr)) throw new Sentence('The linter refuses them.');
});

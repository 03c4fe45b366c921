import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inClone } from './lib/clone.mjs';
import { main, Sentence } from './lib/main.mjs';

/**
 * Lints the OpenAPI documents, makes types of them with openapi-typescript, and type-checks a client that uses the
 * types. Without network. Warnings fail too.
 */

const DOCUMENTS = ['public', 'gateway', 'admin'];
const CLIENT = 'scripts/lib/openapi-client.ts.txt';

await main(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-openapi-'));
  try {
    lint(DOCUMENTS.map((name) => `docs/openapi/${name}.json`));
    for (const name of DOCUMENTS) makeTypes(`docs/openapi/${name}.json`, join(folder, `${name}.ts`));
    copyFileSync(inClone(CLIENT), join(folder, 'client.ts'));
    checkTypes(join(folder, 'client.ts'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

function lint(documents) {
  const { stdout, stderr } = run('@redocly/cli/bin/cli.js', [
    ...['lint', '--format=json', '--max-problems=1000', ...documents],
  ]);
  if (!stdout.startsWith('{'))
    throw new Sentence(`The linter says nothing of ${documents.join(', ')}:\n${stderr}`);
  // One object after the other, one for each document.
  const answers = stdout.trim().split(/(?<=^\})\s*(?=\{)/m);
  if (answers.length !== documents.length) throw new Sentence('The linter leaves a document out.');
  const problems = answers.flatMap((answer) => JSON.parse(answer).problems);
  if (problems.length > 0)
    throw new Sentence(
      problems
        .map(
          ({ severity, ruleId, message, location }) =>
            `${location[0]?.source.ref ?? ''}${location[0]?.pointer ?? ''}  ${severity}  ${message}  ${ruleId}`,
        )
        .join('\n'),
    );
}

/** Beside warnings it prints its own name and, for each document, the path of the types. */
function makeTypes(document, types) {
  const { status, stdout, stderr } = run('openapi-typescript/bin/cli.js', [document, '--output', types]);
  const warnings = `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '' && !/openapi-typescript \d|→/.test(line));
  if (status !== 0 || warnings.length > 0)
    throw new Sentence(`openapi-typescript and ${document}:\n${warnings.join('\n')}`);
}

function checkTypes(client) {
  const options = [
    '--noEmit',
    '--strict',
    '--target',
    'es2023',
    '--module',
    'nodenext',
    '--lib',
    'es2023,dom',
    '--skipDefaultLibCheck',
  ];
  const { status, stdout } = run('typescript/bin/tsc', [...options, '--ignoreConfig', client]);
  if (status !== 0) throw new Sentence(`The types do not fit ${CLIENT}:\n${stdout}`);
}

function run(program, args) {
  return spawnSync(process.execPath, [inClone('node_modules', program), ...args], {
    cwd: inClone(),
    env: {
      ...process.env,
      NO_COLOR: '1',
      REDOCLY_TELEMETRY: 'off',
      REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
    },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
}

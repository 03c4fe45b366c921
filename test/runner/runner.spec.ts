import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { patience } from './patience.cjs';

interface Outcome {
  readonly status: 'passed' | 'failed';
  readonly message: string;
}

/** Runs these fixtures one after the other in one process. */
function runFixtures(names: readonly string[]): ReadonlyMap<string, Outcome> {
  const root = join(__dirname, '../..');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/jest/bin/jest.js'),
      '--config=test/runner/fixtures/jest.config.cjs',
      '--runInBand',
      '--forceExit',
      '--json',
      ...names.map((name) => `/${name}\\.fixture-spec`),
    ],
    { cwd: root, encoding: 'utf8', timeout: 120_000 * patience, env: { ...process.env, KEEP_MODULES: 'on' } },
  );
  if (!stdout.startsWith('{')) throw new Error(`jest did not run: ${stderr}`);
  const { testResults } = JSON.parse(stdout) as { testResults: (Outcome & { name: string })[] };
  return new Map(testResults.map(({ name, ...outcome }) => [basename(name, '.fixture-spec.ts'), outcome]));
}

describe('the runner of tests', () => {
  let outcomes: ReadonlyMap<string, Outcome>;

  beforeAll(() => {
    outcomes = runFixtures(['clean', 'failed', 'first', 'second', 'spy', 'rejection']);
  }, 120_000 * patience);

  it('keeps modules from file to file', () => {
    const statuses = ['first', 'second'].map((name) => outcomes.get(name)?.status);
    expect(statuses.toSorted()).toEqual(['failed', 'passed']);
  });

  it('passes a file that puts back what it changes', () => {
    expect(outcomes.get('clean')).toMatchObject({ status: 'passed' });
  });

  it('fails a file that leaves something behind', () => {
    expect(outcomes.get('spy')).toMatchObject({ status: 'failed' });
    expect(outcomes.get('spy')?.message).toContain('leaves behind: a spy on uptime');
  });

  it('shows the failed test of a file that leaves something behind too', () => {
    expect(outcomes.get('failed')?.message).toContain('fails and leaves a spy');
    expect(outcomes.get('failed')?.message).not.toContain('leaves behind');
  });

  it('fails the test that runs for a rejection that is not handled', () => {
    expect(outcomes.get('rejection')?.message).toContain('fails the test that runs');
    expect(outcomes.get('rejection')?.message).toContain('not handled');
    expect(outcomes.get('rejection')?.message).not.toContain('passes');
  });
});

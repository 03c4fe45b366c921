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
  const left: [fixture: string, what: string][] = [
    ['fake-timers', 'fake timers'],
    [
      'global-objects',
      [
        'another leftVariable, another process.stdout.write, another Math.random',
        'another Array.prototype.leftMethod, another expect.toBeLeft, another process.umask',
      ].join(', '),
    ],
    ['listener', 'listeners of process "SIGUSR2"'],
    ['server', 'an open TCPServerWrap'],
    ['spy', 'a spy on uptime'],
    ['timer', 'an open timer'],
    ['variable', 'the environment variable LEFT'],
  ];
  let outcomes: ReadonlyMap<string, Outcome>;

  beforeAll(() => {
    outcomes = runFixtures([
      'clean',
      'failed',
      'first',
      'second',
      'mock',
      'automock',
      'isolated',
      'limits',
      'limits-again',
      'rejection',
      'trace',
      ...left.map(([name]) => name),
    ]);
  }, 120_000 * patience);

  it('keeps modules from file to file', () => {
    const statuses = ['first', 'second'].map((name) => outcomes.get(name)?.status);
    expect(statuses.toSorted()).toEqual(['failed', 'passed']);
  });

  it('passes a file that puts back what it changes', () => {
    expect(outcomes.get('clean')).toMatchObject({ status: 'passed' });
  });

  it.each(left)('fails a file that leaves behind: %s', (fixture, what) => {
    expect(outcomes.get(fixture)).toMatchObject({ status: 'failed' });
    expect(outcomes.get(fixture)?.message).toContain(`leaves behind: ${what}`);
  });

  it('shows the failed test of a file that leaves something behind too', () => {
    expect(outcomes.get('failed')?.message).toContain('fails and leaves a spy');
    expect(outcomes.get('failed')?.message).not.toContain('leaves behind');
  });

  it.each(['limits', 'limits-again'])(
    'forgets the limits and the handlers of the last file: %s',
    (fixture) => {
      expect(outcomes.get(fixture)).toMatchObject({ status: 'passed' });
    },
  );

  it('refuses to load kept modules again', () => {
    expect(outcomes.get('isolated')?.message).toContain('Kept modules are not loaded again');
  });

  it.each(['mock', 'automock'])('gives a file with mocks modules of its own: %s', (fixture) => {
    expect(outcomes.get(fixture)).toMatchObject({ status: 'passed' });
  });

  it('fails the test that runs for a rejection that is not handled', () => {
    expect(outcomes.get('rejection')?.message).toContain('fails the test that runs');
    expect(outcomes.get('rejection')?.message).toContain('not handled');
    expect(outcomes.get('rejection')?.message).not.toContain('passes');
  });

  it('says where in its source a kept module threw', () => {
    expect(outcomes.get('trace')?.message).toContain('fixtures/throwing.ts:7:9');
  });
});

import { LedgerAwayError } from '@countersign/ledger';
import { AppError } from '@countersign/text';
import { describeError, exitCodeOf } from './describe-error';
import { runCommand } from './run-command';

interface Outcome {
  readonly exitCode: number;
  readonly output: string;
  readonly complaint: string;
}

async function run(line: string, environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  let output = '';
  const terminal = {
    environment,
    readInput: () => Promise.resolve(''),
    onInterrupt: () => undefined,
    notify: () => undefined,
    write: (text: string) => {
      output += text;
    },
  };
  return runCommand(line.split(' ').filter(Boolean), terminal).then(
    (exitCode) => ({ exitCode, output, complaint: '' }),
    (error: unknown) => ({ exitCode: exitCodeOf(error), output, complaint: describeError(error) }),
  );
}

it('prints what an error names besides its fields', () => {
  const error = new AppError('some.thing', { kind: 'conflict', title: 'It waits' } as never, {
    detail: 'Approve it.',
    members: { revealRequestId: 'r1', expiresAt: '2026-01-31T23:59:00.000Z' },
  });

  expect(describeError(error)).toBe(
    'It waits (some.thing). Approve it.\n  - revealRequestId: r1\n  - expiresAt: 2026-01-31T23:59:00.000Z',
  );
});

describe('the help of countersign', () => {
  it.each(['help', '--help', '-h'])('names every command: %s', async (line) => {
    const { exitCode, output } = await run(line);

    expect(exitCode).toBe(0);
    expect(output).toContain('Usage: countersign');
    expect(output.replaceAll(/\s+/g, ' ')).toMatch(
      / application applications[^:]*: [^:]*create, [^:]*remove-secret/,
    );
    expect(output).toContain('Exit codes: 0 done');
  });

  it.each(['application create --help', 'application create --name x -h'])(
    'of a command shows its options, those that are needed in the usage: %s',
    async (line) => {
      const { exitCode, output } = await run(line);

      expect(exitCode).toBe(0);
      expect(output).toMatch(/^Usage: countersign application create --name <name> \[options\]\n/);
      expect(output).toMatch(
        /--trust <trust>\s[^]*?\(default:\s+first-party\)\s+\(choices:\s+"first-party",\s+"third-party"\)/,
      );
      expect(output).toContain('--json');
      expect(output).not.toContain('--token-stdin');
    },
  );

  it('of a group lists its commands; without one of them it is no call', async () => {
    const asked = await run('bot --help');

    expect(asked).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^ {2}rotate +replace/m) });
    expect(await run('bot')).toEqual({ ...asked, exitCode: 2 });
  });
});

describe('a wrong call', () => {
  it.each([
    ['nonsense', "Unknown command 'nonsense'.", 'countersign --help'],
    ['aplication create', "Unknown command 'aplication'.\n(Did you mean application?)", 'countersign --help'],
    [
      'application crate',
      "Unknown command 'crate'.\n(Did you mean create?)",
      'countersign application --help',
    ],
    [
      'application create --name x --trus x',
      "Unknown option '--trus'.\n(Did you mean --trust?)",
      'countersign application create --help',
    ],
    ['bot list --token=1:hidden-word', "Unknown option '--token'.", 'countersign bot list --help'],
    ["bot list --token=1:'hidden'-word", "Unknown option '--token'.", 'countersign bot list --help'],
    ['bot list --token:1:hidden-word', 'Unknown option.', 'countersign bot list --help'],
    ['bot list -1:hidden-word', 'Unknown option.', 'countersign bot list --help'],
    ['bot 1:hidden-word', 'Unknown command.', 'countersign bot --help'],
    ['application create', '--name is missing.', 'countersign application create --help'],
    ['application create --name', '--name needs a value.', 'countersign application create --help'],
    [
      'application create --name x --trust odd',
      '--trust must be one of first-party, third-party.',
      'countersign application create --help',
    ],
    ['identity confirm', '<identityId> is missing.', 'countersign identity confirm --help'],
    [
      'identity confirm 1 2',
      "Too many arguments for 'confirm'. Expected 1 argument but got 2.",
      'countersign identity confirm --help',
    ],
  ])('is refused, with the help of its command: %s', async (line, sentence, help) => {
    const { exitCode, output, complaint } = await run(line);

    expect(exitCode).toBe(2);
    expect(output).toBe('');
    expect(complaint).toBe(`${sentence}\n\nHelp: ${help}`);
  });

  it('is a wrong environment too', async () => {
    expect(await run('principal create --name x --all-scopes', { PORT: 'x' })).toMatchObject({ exitCode: 2 });
  });
});

describe('exit codes', () => {
  it.each([['a ledger that is away', new LedgerAwayError('It is away.'), 5]])(
    'of %s depends on the class of the error',
    (_, error, exitCode) => {
      expect(exitCodeOf(error)).toBe(exitCode);
    },
  );

  it.each([
    ['a database that is away', { code: 'ECONNREFUSED' }, 5],
    ['a password that the database refuses', { code: '28P01' }, 5],
    ['a file that exists', { code: 'EEXIST' }, 1],
    ['a defect', {}, 1],
  ])('of %s depends on its code', (_, fields, exitCode) => {
    expect(exitCodeOf(Object.assign(new Error('x'), fields))).toBe(exitCode);
  });
});

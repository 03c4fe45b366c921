import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

interface Settings {
  readonly id: URL;
  readonly api: URL;
  readonly page: URL;
  readonly ports: Readonly<Record<'id' | 'api' | 'public' | 'check' | 'orders' | 'game', number>>;
}
const { nginxFileOf } = jest.requireActual<{ nginxFileOf(settings: Settings): string }>(
  './lib/example-nginx.mjs',
);

interface Outcome {
  readonly code: number;
  readonly stderr: string;
}

function example(...words: string[]): Promise<Outcome> {
  return run('example.mjs', ...words);
}

function run(script: string, ...words: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(__dirname, script), ...words], (error, _, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stderr }),
    );
  });
}

/** Three free ports in a row, below those that systems give to programs that ask for any. */
async function firstOfThreeFree(): Promise<number> {
  const first = randomInt(10_000, 32_000);
  const servers = [0, 1, 2].map((place) => createServer().listen(first + place, '127.0.0.1'));
  const outcomes = await Promise.allSettled(servers.map((server) => once(server, 'listening')));
  for (const server of servers) server.close();
  return outcomes.every(({ status }) => status === 'fulfilled') ? first : firstOfThreeFree();
}

describe('npm run example', () => {
  it.each([
    ['--port=80', '--port has to be a number from 1024 to 65000: it and the seven after it are used.\n'],
    ['--page=http://example.com', '--page has to be the https address of a tunnel'],
    ['--id=https://example.com/path', '--id has to be the https address of a tunnel'],
    ['--bot=my_bot', '--bot has to be the id of a bot: the digits before the colon of its token.\n'],
  ])('says what is wrong with %s, before it installs anything', async (word, sentence) => {
    const { code, stderr } = await example(word);

    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says which port is taken', async () => {
    const first = await firstOfThreeFree();
    const other = createServer().listen(first + 2, '127.0.0.1');
    await once(other, 'listening');
    const { code, stderr } = await example(`--port=${first}`);
    other.close();

    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${first + 2} (api) is taken`);
  });
});

describe('npm run example:wallet', () => {
  it.each(['80', 'four', '65001'])(
    'says that --port=%s is none, before it installs anything',
    async (port) => {
      expect(await run('example-wallet.mjs', `--port=${port}`)).toEqual({
        code: 1,
        stderr: '--port has to be a number from 1024 to 65000: it and the two after it are used.\n',
      });
    },
  );
});

const settings: Settings = {
  id: new URL('http://127.0.0.1:3101'),
  api: new URL('http://127.0.0.1:3102'),
  page: new URL('http://127.0.0.1:3100'),
  ports: { id: 3101, api: 3102, public: 3103, check: 3104, orders: 3106, game: 3107 },
};

describe('the file of nginx', () => {
  const shipped = readFileSync(join(__dirname, '../deploy/nginx/nginx.conf'), 'utf8').split('\n');
  const newIn = (file: string): string[] =>
    file
      .split('\n')
      .filter((line) => !shipped.includes(line))
      .map((line) => line.trim());

  it('differs from the shipped one in ports, names, the origin, the game, and where bodies are kept', () => {
    expect(newIn(nginxFileOf(settings))).toEqual([
      'access_log off;',
      ...['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${name};`),
      'server 127.0.0.1:3104 max_fails=2 fail_timeout=1s;',
      'server 127.0.0.1:3103;',
      'upstream game {',
      'server 127.0.0.1:3107;',
      'server 127.0.0.1:3106;',
      'http://127.0.0.1:3100 $http_origin;',
      'listen 127.0.0.1:3101 default_server; listen 127.0.0.1:3102 default_server;',
      'listen 127.0.0.1:3102;',
      'server_name 127.0.0.1;',
      'location /game/ {',
      "set $check_query '?audience=game';",
      'proxy_pass http://game;',
      'listen 127.0.0.1:3101;',
      'server_name 127.0.0.1;',
    ]);
  });

  it('has the names of tunnels, which end TLS', () => {
    const [id, api, page] = ['id', 'api', 'page'].map((name) => new URL(`https://${name}.example.org`));
    const lines = newIn(nginxFileOf({ ...settings, id, api, page } as Settings));

    expect(lines).toEqual(
      expect.arrayContaining([
        'server_name id.example.org;',
        'server_name api.example.org;',
        'https://page.example.org $http_origin;',
        'proxy_set_header X-Forwarded-Proto https;',
      ]),
    );
  });
});

const RUN = `import(process.argv[1]).then(async ({ Children }) => {
  const children = new Children(process.argv[2]);
  const start = (name, source) => children.start(name, process.execPath, ['-e', source]);
  start('first', "console.log(process.pid); process.on('SIGTERM', () => process.exit()); setInterval(() => {}, 1000)");
  if (process.argv[3] === 'fails') start('second', "console.log('out of coffee'); process.exit(3)");
  process.stdout.write('up');
  await children.ended.catch((error) => process.stderr.write(error.message));
  await children.stop();
  process.stdout.write(' ended');
})`;

describe('the programs of a command', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-children-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function run(how: string, signal?: NodeJS.Signals): Promise<{ stdout: string; stderr: string }> {
    const told = { stdout: '', stderr: '' };
    const args = ['-e', RUN, join(__dirname, 'lib/children.mjs'), folder, how];
    const command = spawn(process.execPath, args);
    for (const name of ['stdout', 'stderr'] as const)
      command[name].on('data', (text: Buffer) => {
        told[name] += text.toString('utf8');
        if (signal && told.stdout === 'up') command.kill(signal);
      });
    await once(command, 'close');
    return told;
  }

  it('end together when one of them ends, and its last output is printed', async () => {
    expect(await run('fails')).toEqual({
      stdout: 'up ended',
      stderr: 'second has ended:\nout of coffee',
    });
  });

  it('end when the command is killed', async () => {
    const command = spawn(process.execPath, ['-e', RUN, join(__dirname, 'lib/children.mjs'), folder, 'runs']);
    await once(command.stdout, 'data');
    const { log, pid } = await until(() => {
      const text = readFileSync(join(folder, 'first.log'), 'utf8');
      return text.endsWith('\n') ? { log: text, pid: Number(text) } : null;
    });
    expect(log).toMatch(/^\d+\n$/);
    command.kill('SIGKILL');

    await until(() => (isRunning(pid) ? null : true));
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('end at %s', async (signal) => {
    expect(await run('runs', signal)).toEqual({ stdout: 'up ended', stderr: '' });
  });
});

async function until<T>(ask: () => T | null): Promise<T> {
  for (;;) {
    const answer = ask();
    if (answer !== null) return answer;
    await sleep(20);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

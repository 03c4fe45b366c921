import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { declarations, declarationsIn, withApi } from '../commands/index';
import { CommandError, exitCodes } from '../errors';
import { createProgram } from '../program';
import { runCommand } from '../run-command';
import { readOperations } from './admin-document';
import { apiGroups } from './api-commands';
import { commandNameOf } from './command-name';

const PRINCIPAL = '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10:cs_ps_secret';
const TEAM = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

const MEBIBYTE = Buffer.alloc(1024 * 1024);

interface Seen {
  readonly call: string;
  readonly authorization: string;
  readonly body: unknown;
  readonly hasKey: boolean;
}

/** The administration API, as far as a command can tell: it answers what the test prepares, in this order. */
class FakeApi {
  readonly seen: Seen[] = [];
  breaksOff = false;
  isEndless = false;
  answers: (readonly [status: number, body: object | string])[] = [];
  private readonly server: Server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const call = `${request.method ?? ''} ${request.url ?? ''}`;
      const isToken = call === 'POST /v1/admin/token';
      if (!isToken)
        this.seen.push({
          call,
          authorization: request.headers.authorization ?? '',
          body: body === '' ? null : JSON.parse(body),
          hasKey: 'idempotency-key' in request.headers,
        });
      const [status, answer] = isToken
        ? this.tokenAnswer(request, body)
        : (this.answers.shift() ?? [500, {}]);
      if (!isToken && this.breaksOff) {
        response.writeHead(200, { 'content-length': '99' }).write('{', () => response.destroy());
        return;
      }
      if (!isToken && this.isEndless) {
        const send = (): boolean => response.destroyed || (response.write(MEBIBYTE) && send());
        response.on('drain', send);
        send();
        return;
      }
      response.writeHead(status).end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private tokenAnswer({ headers }: IncomingMessage, body: string): readonly [number, object] {
    const isRight =
      headers.authorization === `Basic ${Buffer.from(PRINCIPAL).toString('base64')}` &&
      body === 'grant_type=client_credentials';
    return isRight ? [200, { access_token: 'cs_pt_token' }] : [401, { error: 'invalid_client' }];
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

describe('commands of the administration API', () => {
  let api: FakeApi;
  let url: string;

  beforeEach(async () => {
    api = new FakeApi();
    url = await api.start();
  });
  afterEach(() => api.stop());

  async function run(line: string, input = '', more: NodeJS.ProcessEnv = {}) {
    let output = '';
    const notices: string[] = [];
    const exitCode = await runCommand(
      line.split(' '),
      {
        environment: { COUNTERSIGN_ADMIN_URL: url, COUNTERSIGN_PRINCIPAL: PRINCIPAL, ...more },
        readInput: () => Promise.resolve(input),
        onInterrupt: () => undefined,
        write: (text) => (output += text),
        notify: (line) => notices.push(`${line} (${api.seen.length})`),
      },
      withApi([]),
    ).catch((error: unknown) => {
      if (!(error instanceof CommandError)) throw error;
      output = error.message;
      return error.exitCode;
    });
    return { exitCode, output, notices };
  }

  it('list page by page up to the limit, in columns or as one object a line', async () => {
    const team = { teamId: TEAM, name: 'Owls', description: 'x', memberCount: 2 };
    const pages = [
      [200, { items: Array.from({ length: 200 }, () => team), nextCursor: 'c1' }],
      [200, { items: [team], nextCursor: 'c2' }],
    ] as const;
    api.answers = [...pages, ...pages];

    const { output } = await run('team list --limit 201');
    const asJson = await run('team list --limit 201 --json');

    expect(api.seen.slice(0, 2).map(({ call }) => call)).toEqual([
      'GET /v1/admin/teams?limit=200',
      'GET /v1/admin/teams?limit=1&cursor=c1',
    ]);
    expect(api.seen[0]?.authorization).toBe('Bearer cs_pt_token');
    expect(output.split('\n')[0]).toMatch(
      /^teamId +name +description +memberCount +createdBy +createdAt +applicationId +ownerId$/,
    );
    expect(output.trim().split('\n')).toHaveLength(202);
    expect(JSON.parse(asJson.output.split('\n')[200] ?? '')).toEqual(team);
  });

  it('say so when a list is empty', async () => {
    api.answers = [[200, { items: [], nextCursor: null }]];

    expect(await run('listing list')).toMatchObject({ exitCode: 0, output: 'None\n' });
  });

  it('show a secret where the API answers one, and create under a key of their own', async () => {
    const secret = { secretId: 's1', clientSecret: 'cs_cs_new' };
    api.answers = [[201, { application: { applicationId: 'a1', settings: { origins: [] } }, secret }]];

    const { output } = await run(
      'application create --name Shop --origin https://a.example --origin https://b.example',
    );

    expect(output).toBe('applicationId  a1\nsecretId      s1\nclientSecret  cs_cs_new\n');
    expect(api.seen).toMatchObject([
      {
        call: 'POST /v1/admin/applications',
        body: { name: 'Shop', origins: ['https://a.example', 'https://b.example'] },
        hasKey: true,
      },
    ]);
  });

  it('read secrets and objects from standard input', async () => {
    api.answers = [
      [201, { botId: '5' }],
      [200, { applicationId: TEAM }],
      [200, { applicationId: TEAM }],
    ];

    await run(`bot add --application ${TEAM} --username b --token-stdin`, '5:token\n');
    await run(`application set ${TEAM} --settings-stdin`, '{ "audiences": ["orders"] }');
    await run(`application set ${TEAM} --add-origin https://a.example --remove-origin https://b.example`);

    expect(api.seen.map(({ body }) => body)).toEqual([
      { applicationId: TEAM, username: 'b', token: '5:token' },
      { settings: { audiences: ['orders'] } },
      { addOrigins: ['https://a.example'], removeOrigins: ['https://b.example'] },
    ]);
  });

  it('print no control character and no change of direction that the API answers', async () => {
    const hostile = 'a\u001b[2J\u009b\u202eb';
    const page = [200, { items: [{ teamId: TEAM, name: hostile, state: hostile }] }] as const;
    api.answers = [
      page,
      page,
      [409, { title: hostile, errors: [{ path: hostile, detail: hostile }], [hostile]: 1 }],
    ];

    const outputs = [
      await run('team list'),
      await run('team list --json'),
      await run(`team show ${TEAM}`),
    ].map(({ output }) => output);

    for (const output of outputs)
      // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
      expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(outputs[0]).toContain('a\ufffd[2J\ufffd\ufffdb');
    expect(JSON.parse(outputs[1] ?? '')).toMatchObject({ name: hostile });
  });

  it.each<[string, (readonly [number, object | string])[]]>([
    ['no page', [[200, { items: [null] }]]],
    ['no page', [[200, { items: [], nextCursor: 'c1' }]]],
    ['no page', Array(2).fill([200, { items: [{}], nextCursor: 'c1' }])],
    ['(200)', [[200, '7']]],
    ['No (400)', [[400, { title: 'No', errors: { path: 'x' } }]]],
  ])('end with a sentence (%s) for an answer %j', async (sentence, answers) => {
    api.answers = answers;

    expect((await run('team list')).output).toContain(sentence);
  });

  it('end with a sentence when an answer breaks off', async () => {
    api.breaksOff = true;

    expect(await run('team list')).toMatchObject({ exitCode: exitCodes.unavailable });
  });

  it('end when an answer is too large', async () => {
    api.isEndless = true;

    const { exitCode, output } = await run('team list');

    expect(output).toContain('the answer is too large');
    expect(exitCode).toBe(exitCodes.unavailable);
  });

  it('announce who receives their secrets, before they are sent and outside of the output', async () => {
    api.answers = [[201, { botId: '5' }]];

    const { output, notices } = await run(
      `bot add --application ${TEAM} --username b --token-stdin`,
      '5:token',
    );

    expect(notices).toEqual([`Secrets of this command are sent to ${url}. (0)`]);
    expect(output).not.toContain('Secrets');
  });

  it('name a bot by its number where one bot has it', async () => {
    const list = { items: [{ id: TEAM }], nextCursor: null };
    const two = { items: [{ id: TEAM }, { id: TEAM }], nextCursor: null };
    api.answers = [
      [200, list],
      [200, { status: 'disabled' }],
      [200, two],
      [200, { items: [], nextCursor: null }],
    ];

    await run('bot set 123456789 --status disabled');

    expect(api.seen.map(({ call }) => call)).toEqual([
      'GET /v1/admin/bots?botId=123456789&limit=2',
      `PATCH /v1/admin/bots/${TEAM}`,
    ]);
    expect(await run('bot remove 123456789')).toMatchObject({ exitCode: exitCodes.usage });
    expect(await run('bot remove 123456789')).toMatchObject({ exitCode: exitCodes.notFound });
  });

  it('set and clear what may be absent', async () => {
    api.answers = [
      [200, {}],
      [200, {}],
    ];

    await run(`team set ${TEAM} --name Owls --clear website-url --clear social-link`);
    await run('installation set --username-lookup off');

    expect(api.seen.map(({ body }) => body)).toEqual([
      { name: 'Owls', websiteUrl: null, socialLinks: [] },
      { usernameLookup: false },
    ]);
  });

  it('have the fields of an object in options of their own', async () => {
    api.answers = [[200, { endedSessions: 2 }]];

    const { output } = await run(
      'session revoke --bot-id 7 --provider telegram --since 2026-01-31T23:59:00Z',
    );

    expect(output).toBe('endedSessions  2\n');
    expect(api.seen[0]?.body).toEqual({
      bot: { botId: '7', provider: 'telegram' },
      since: '2026-01-31T23:59:00Z',
    });
  });

  it('print the ids of what has no answer', async () => {
    api.answers = [[204, '']];

    expect(await run(`team delete ${TEAM}`)).toMatchObject({ exitCode: 0, output: `teamId  ${TEAM}\n` });
  });

  it.each([
    [404, 'team.not_found', exitCodes.notFound],
    [403, 'principal.scope_missing', exitCodes.refused],
    [503, 'service.unavailable', exitCodes.unavailable],
    [500, 'service.internal_error', exitCodes.failed],
  ])('show title and code of a refusal, and end by its status %s', async (status, code, exitCode) => {
    const errors = [{ path: 'name', detail: 'is long', code: 'x' }];
    api.answers = [
      [
        status,
        { title: 'No', status, code, detail: 'No. Do that.', requestId: 'r', errors, forfeit: ['w1'] },
      ],
    ];

    expect(await run(`team show ${TEAM}`)).toMatchObject({
      exitCode,
      output: `No (${code}). Do that.\n  - name: is long\n  - forfeit: w1`,
    });
  });

  it.each<[string, string, NodeJS.ProcessEnv, number]>([
    ['team list', 'let COUNTERSIGN_PRINCIPAL_FILE name', { COUNTERSIGN_PRINCIPAL: '' }, exitCodes.usage],
    ['team list', 'set the same COUNTERSIGN_DATA_DIR here', { COUNTERSIGN_PRINCIPAL: '' }, exitCodes.usage],
    ['team list', 'both set', { COUNTERSIGN_PRINCIPAL_FILE: '/x' }, exitCodes.usage],
    ['team list', 'COUNTERSIGN_ADMIN_URL must', { COUNTERSIGN_ADMIN_URL: 'x' }, exitCodes.usage],
    ...[
      ...[
        'http://admin.example.com',
        'http://10.0.0.5:3002',
        'http://127.0.0.1.example.com',
        'ftp://localhost',
      ],
      ...['https://a.example/x', 'https://a.example/?', 'https://a:b@a.example', 'http://localhost/#x'],
    ].map((COUNTERSIGN_ADMIN_URL): [string, string, NodeJS.ProcessEnv, number] => [
      'team list',
      'COUNTERSIGN_ADMIN_URL must be an origin',
      { COUNTERSIGN_ADMIN_URL },
      exitCodes.usage,
    ]),
    ['team list', 'does not answer', { COUNTERSIGN_ADMIN_URL: 'http://127.0.0.1:1' }, exitCodes.unavailable],
    [
      'team list',
      'set the same COUNTERSIGN_DATA_DIR here',
      { COUNTERSIGN_ADMIN_URL: 'http://127.0.0.1:1' },
      exitCodes.unavailable,
    ],
    ['team list', 'invalid_client', { COUNTERSIGN_PRINCIPAL: `${TEAM}:wrong` }, exitCodes.refused],
    ['listing list --state odd', '--state must be one of drafted, published', {}, exitCodes.usage],
    ...['', '.', '..'].map((text): [string, string, NodeJS.ProcessEnv, number] => [
      `chain show ${text}`,
      '<chainId> must not be',
      {},
      exitCodes.usage,
    ]),
    [`team set ${TEAM} --clear name`, '--clear must be one of', {}, exitCodes.usage],
    [`team transfer ${TEAM} --user ${TEAM}`, '--reason is missing', {}, exitCodes.usage],
    [`application set ${TEAM} --settings-stdin`, 'not JSON', {}, exitCodes.usage],
  ])('are refused: %s (%s)', async (line, sentence, more, exitCode) => {
    const answer = await run(line, '', more);

    expect(answer.output).toContain(sentence);
    expect(answer.exitCode).toBe(exitCode);
    expect(api.seen).toEqual([]);
  });
});

describe('the commands of login alone', () => {
  it('name no feature that is left out, nor do their options and the words of these', () => {
    const words =
      /.{0,40}(?:wallet|\bteams?\b|\bboards?\b|leaderboard|\blistings?\b|referral|invitation).{0,40}/gi;

    expect(JSON.stringify(declarationsIn({ COUNTERSIGN_USE: 'none' })).match(words)).toBeNull();
    for (const word of ['--wallet-address', 'teams:read', 'referral.bound'])
      expect(JSON.stringify(declarationsIn({}))).toContain(word);
  });
});

describe('the names of commands', () => {
  it('are one for each operation, and none for what a command has no use for', () => {
    const operations = readOperations();
    const named = operations.map((each) => ({ ...each, name: commandNameOf(each)?.join(' ') }));

    expect(named.filter(({ name }) => name === undefined).map(({ operationId }) => operationId)).toEqual([
      'getLiveness',
      'getReadiness',
      'stopWallets',
      'createPrincipal',
      'issuePrincipalToken',
    ]);
    const names = named.flatMap(({ name }) => name ?? []);
    expect(new Set(names).size).toBe(names.length);
    expect(apiGroups().flatMap(({ commands }) => Object.keys(commands))).toHaveLength(names.length);
  });

  it('are those of no command that works without the API', () => {
    const local = declarations.flatMap((one) =>
      'commands' in one ? Object.keys(one.commands).map((name) => `${one.name} ${name}`) : [one.name],
    );
    const names = readOperations().flatMap((each) => commandNameOf(each)?.join(' ') ?? []);

    expect(names.filter((name) => local.includes(name))).toEqual([]);
  });

  it.each([
    [
      'bot',
      'allow',
      'operator of that bot receives every launch of it, and can sign in here as each visitor',
    ],
    ['bot', 'add', 'with optional, a person who has the token of the bot can sign in as each of your users'],
    ['bot', 'set', 'with optional, a person who has the token of the bot can sign in as each of your users'],
    ['application', 'create', 'a page of such an origin can act as each person who opens it'],
    ['application', 'create', 'whose sessions can change and erase their accounts'],
    ['application', 'create', 'allowed in the answer says what a thief can then do'],
    ['application', 'set', 'that page says which settings extend trust, and to whom'],
    ['application', 'add-rapidpace-secret', 'A person who has the secret can sign in as each player'],
    [
      'application',
      'create-openid-client',
      'the owner of such an address receives the sign-ins of all people who use',
    ],
    ['application', 'create-openid-client', 'other clients get their scopes without a question'],
    ['webhook', 'create', 'Its receiver learns the ids of the people, sessions and wallets in its events'],
  ])('say what they let other people do: %s %s, %s', (group, name, consequence) => {
    const program = createProgram(() => Promise.resolve(), withApi([]));
    const command = program.commands
      .find((one) => one.name() === group)
      ?.commands.find((one) => one.name() === name);

    expect(command?.helpInformation().replaceAll(/\s+/g, ' ')).toContain(consequence);
  });

  it.each([
    ['user', 'accounts: finding'],
    ['team', 'teams'],
  ])('stand under %s with the subject of its own path', (name, beginning) => {
    const group = apiGroups().find((each) => each.name === name);

    expect(group?.description.slice(0, beginning.length)).toBe(beginning);
  });
});

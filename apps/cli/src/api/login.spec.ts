import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../errors';
import { runCommand } from '../run-command';

jest.mock('node:timers/promises', () => ({ setTimeout: jest.fn() }));
jest.mock('node:os', () => ({ ...jest.requireActual<object>('node:os'), homedir: jest.fn() }));

/** Both the OpenID provider and the administration API: they answer what the test prepares. */
let server: Server;
let url: string;
let home: string;
let notices: string[];
let device: object;
let pending: number;
let discovery: RequestListener | null;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'countersign-login-'));
  jest.mocked(homedir).mockReturnValue(home);
  jest.mocked(sleep).mockReset();
  notices = [];
  pending = 0;
  discovery = null;
  server = createServer((request, response) => {
    const answer = (status: number, body: object): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const now = Math.floor(Date.now() / 1_000);
    if (request.url === '/device') return answer(200, device);
    if (request.url === '/revoke') return answer(200, {});
    if (request.url === '/v1/admin/console/token')
      return answer(200, { scopes: ['teams:read'], accessToken: 'a', expiresIn: 300 });
    if (request.url === '/token') {
      if (pending-- > 0) return answer(400, { error: 'authorization_pending' });
      const claims = { iss: url, aud: 'cli', sub: 'a', iat: now, exp: now + 300 };
      const id_token = `${part({ alg: 'RS256' })}.${part(claims)}.${part({})}`;
      const tokens = { access_token: 'a', token_type: 'bearer', refresh_token: 'r', id_token };
      return answer(200, tokens);
    }
    if (discovery) return discovery(request, response);
    return answer(200, {
      issuer: url,
      device_authorization_endpoint: `${url}/device`,
      token_endpoint: `${url}/token`,
      revocation_endpoint: `${url}/revoke`,
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  device = aDevice({});
});
afterEach(() => {
  rmSync(home, { recursive: true });
  server.closeAllConnections();
  server.close();
});

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');

function aDevice(more: object): object {
  const codes = { device_code: 'd', user_code: 'WXYZ', expires_in: 600 };
  return { ...codes, verification_uri: 'https://id.example.com/device', ...more };
}

async function run(line: string, more: NodeJS.ProcessEnv = {}): Promise<string> {
  let output = '';
  return runCommand(line.split(' '), {
    environment: { COUNTERSIGN_ADMIN_URL: url, ...more },
    readInput: () => Promise.resolve(''),
    onInterrupt: () => undefined,
    write: (text) => (output += text),
    notify: (text) => notices.push(text),
  }).then(
    () => output,
    (error: unknown) => {
      if (error instanceof CommandError) return output + error.message;
      throw error;
    },
  );
}

const logIn = (more: NodeJS.ProcessEnv = {}): Promise<string> => run(`login --url ${url} --client cli`, more);

describe('countersign login', () => {
  it.each([
    [undefined, 5_000],
    [7, 7_000],
    [0.001, 1_000],
    [2_200_000_000, 60_000],
  ])(
    'polls at an interval between its limits where the provider asks for %p seconds',
    async (interval, ms) => {
      pending = 2;
      device = aDevice({ interval });

      expect(await logIn()).toContain('You are signed in');
      expect(jest.mocked(sleep).mock.calls).toEqual([[ms], [ms], [ms]]);
    },
  );

  it.each([
    ['https://id.example.com/device?user_code=A', 'https://id.example.com/device?user_code=A'],
    ['http://127.0.0.1:8080/device', 'http://127.0.0.1:8080/device'],
    ['https://id.example.com/\u202egnp', 'https://id.example.com/%E2%80%AEgnp'],
  ])('shows the page %s to open', async (given, shown) => {
    device = aDevice({ verification_uri_complete: given });

    expect(await logIn()).toContain(`Open ${shown}\n`);
  });

  it.each(['javascript:alert(1)', 'http://id.example.com/device', 'file:///etc/passwd', 'id.example.com'])(
    'shows no page %s to open',
    async (uri) => {
      for (const name of ['verification_uri', 'verification_uri_complete']) {
        device = aDevice({ [name]: uri });

        const output = await logIn();
        expect(output).toContain('verification_uri is no https:// URL');
        expect(output).not.toContain(uri);
      }
    },
  );

  it('ends when an answer of the provider is too large', async () => {
    discovery = (_, response) => response.end('x'.repeat(300_000));

    expect(await logIn()).toContain('the answer is too large');
  });

  it('is stored below the home directory where XDG_CONFIG_HOME is a relative path', async () => {
    await logIn({ XDG_CONFIG_HOME: 'relative' });

    expect(readdirSync(join(home, '.config/countersign'))).toEqual([`${encodeURIComponent(url)}.json`]);
  });

  it.each(['', '.'])('is not stored where the home directory is not absolute: %p', async (folder) => {
    jest.mocked(homedir).mockReturnValue(folder);

    expect(await logIn()).toContain('HOME must be an absolute path');
    expect(notices).toEqual([]);
  });

  it('announces who receives the tokens', async () => {
    await logIn();
    await run('logout');

    expect(notices).toEqual(
      [url, `${url}/revoke`, url].map((each) => `Secrets of this command are sent to ${each}.`),
    );
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aPerson } from '../factories';
import { useTestApp } from '../support/use-test-app';

type Call = (
  method: string,
  url: string,
  options?: { accessToken?: string; body?: object },
) => Promise<Response>;

/** The first script of docs/device-keys.md, as it stands there. */
function documented(): Promise<Call> {
  const text = readFileSync(join(__dirname, '../../docs/device-keys.md'), 'utf8');
  const [, script = ''] = /```js\n([\s\S]+?)```/.exec(text) ?? [];
  // oxlint-disable-next-line typescript/no-implied-eval -- it is our own document that is tried out
  const run = new Function(`return (async () => { ${script}; return call; })()`) as () => Promise<Call>;
  return run();
}

describe('the script of docs/device-keys.md', () => {
  const app = useTestApp();

  it('signs in, asks, refreshes and logs out where an application wants a key', async () => {
    const demo = await app.createApplication({ settings: { deviceKey: { required: true } } });
    const [call, api] = [await documented(), `http://127.0.0.1:${app.port}`];
    app.clock.advance(Math.floor((Date.now() - app.clock.now().getTime()) / 1_000));
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo, aPerson()) };

    const signedIn = await call('POST', `${api}/v1/auth/telegram/init-data`, { body });
    const first = (await signedIn.json()) as Record<string, string>;
    const me = await call('GET', `${api}/v1/me`, { accessToken: first['accessToken'] ?? '' });
    const refreshed = await call('POST', `${api}/v1/auth/refresh`, {
      body: { refreshToken: first['refreshToken'] },
    });
    const second = (await refreshed.json()) as Record<string, string>;
    const loggedOut = await call('POST', `${api}/v1/auth/logout`, {
      accessToken: second['accessToken'] ?? '',
    });

    expect([signedIn.status, me.status, refreshed.status, loggedOut.status]).toEqual([200, 200, 200, 204]);
    expect(first['tokenType']).toBe('DPoP');
  });
});

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { aCaller, enableWebLogin, useOidc } from '../support/oidc';
import type { Demo } from '../support/test-app';
import { openPage } from './support/chromium';

/** A product's page: it begins the login as docs/settings.md says, and exchanges what it ends in. */
const pageFor = (
  api: string,
  { applicationId }: Demo,
): string => `<!doctype html><pre id="out">waiting</pre><script>
const base64url = (data) =>
  btoa(String.fromCharCode(...new Uint8Array(data))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
const say = (value) => { document.querySelector('#out').textContent = JSON.stringify(value); };
const begin = async () => {
  const codeVerifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  sessionStorage.setItem('codeVerifier', codeVerifier);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(codeVerifier));
  location.href = '${api}/v1/auth/telegram/oidc/start?' + new URLSearchParams({
    applicationId: '${applicationId}',
    redirectUri: location.origin + '/signed-in',
    codeChallenge: base64url(digest),
    codeChallengeMethod: 'S256',
  });
};
const finish = async (code) => {
  const answer = await fetch('${api}/v1/auth/exchange', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      applicationId: '${applicationId}', code, codeVerifier: sessionStorage.getItem('codeVerifier'),
    }),
  });
  const { assurance, code: problem } = await answer.json();
  say({ status: answer.status, assurance, problem, referrer: document.referrer });
};
const query = new URLSearchParams(location.search);
if (query.has('code')) finish(query.get('code'));
else if (query.has('error')) say(Object.fromEntries(query));
else begin();
</script>`;

describe('Log In With Telegram', () => {
  const { app, oidc } = useOidc();
  let pages: Server;
  let page = '';

  beforeAll(async () => {
    pages = createServer((_, answer) => {
      answer.setHeader('content-type', 'text/html; charset=utf-8').end(page);
    }).listen(0, '127.0.0.1');
    await once(pages, 'listening');
  });

  afterAll(() => pages.close());

  /** What the page shows at the end. */
  async function logIn(): Promise<unknown> {
    const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    const demo = await app.createApplication({
      origins: [origin],
      settings: { redirectUrls: [`${origin}/signed-in`] },
    });
    await enableWebLogin(app, oidc, demo.botId);
    page = pageFor(`http://127.0.0.1:${app.port}`, demo);
    const { dom } = await openPage(`${origin}/`);
    const [, shown = ''] = /<pre id="out">(.*?)<\/pre>/s.exec(dom) ?? [];
    return JSON.parse(shown);
  }

  it('signs a person in with a real browser, and hands its page no proof', async () => {
    oidc.nextPerson = aCaller();

    expect(await logIn()).toEqual({ status: 200, assurance: 'platform', referrer: '' });
  });

  it('comes back with an error when the person declines', async () => {
    oidc.nextPerson = null;

    expect(await logIn()).toEqual({ error: 'access_denied', error_description: 'oidc.login_declined' });
  });
});

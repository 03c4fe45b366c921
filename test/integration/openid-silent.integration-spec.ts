import * as client from 'openid-client';
import { ErasureCompletion } from '@countersign/account';
import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import {
  acceptedBy,
  authorizing,
  Browser,
  CALLBACK,
  createClient,
  ISSUER,
  openPage,
  relyingParty,
  seenBy,
  signedIn,
  tokensOf,
  type CreatedClient,
} from '../support/openid';
import { anOperator } from '../support/operator';
import { useApplication, useTestApp } from '../support/use-test-app';

const NEXT = 'https://shop.example.com/next';

describe('a browser that is signed in', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const demo = useApplication(app);

  async function signIn(wanted: object = {}) {
    const created = await createClient(app, demo, wanted);
    const party = await relyingParty(app, created);
    return { created, party, ...(await signedIn(app, demo, party, aPerson())) };
  }

  /** The error of a request with `prompt=none`; null with a code. */
  async function silentError(browser: Browser, created: CreatedClient): Promise<string | null> {
    const { url } = await authorizing(await relyingParty(app, created), { prompt: 'none' });
    const back = new URL((await browser.follow(url)).url);
    if (back.searchParams.has('code')) return null;
    return back.searchParams.get('error');
  }

  async function operatorOf(...scopes: string[]) {
    const operator = await anOperator(app, scopes);
    return { ...operator, path: `/v1/admin/applications/${demo.applicationId}/openid-clients` };
  }

  it('signs in silently to the client whose name its person saw at the sign-in by phone', async () => {
    const { browser, created } = await signIn();

    expect(await silentError(browser, created)).toBeNull();
  });

  it('shows a client that its person has not seen, and gives it nothing before', async () => {
    const { browser } = await signIn();
    const other = await createClient(app, demo, { name: 'Wiki' });
    const party = await relyingParty(app, other);
    expect(await silentError(browser, other)).toBe('interaction_required');
    const asked = await authorizing(party);

    const { answer, url } = await browser.follow(asked.url);

    expect(answer.status).toBe(200);
    expect(url).toMatch(/\/oidc\/sign-in\/[0-9a-f]{32}$/);
    expect(answer.text).toContain('<h1>Continue to <bdi>Wiki</bdi>?</h1>');
    expect(answer.text).toContain('<strong>shop.example.com</strong>');
    expect(answer.text.match(/<button/g)).toHaveLength(1);
    expect(answer.headers).toMatchObject({
      'x-frame-options': 'DENY',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'") as string,
    });
    // It was only shown.
    expect(await silentError(browser, other)).toBe('interaction_required');

    await tokensOf(party, asked, await seenBy(browser, asked.url));

    expect(await silentError(browser, other)).toBeNull();
  });

  it('takes the button from its own page only', async () => {
    const { browser } = await signIn();
    const other = await createClient(app, demo);
    const { url } = await authorizing(await relyingParty(app, other));
    const attacker = (await signIn()).browser;
    const [own, attackers] = [await browser.follow(url), await attacker.follow(url)];
    const tokenOf = (text: string): string => /name="token" value="([^"]+)"/.exec(text)?.[1] ?? '';

    for (const [of, at, form] of [
      [browser, own.url, {}],
      [browser, own.url, { token: 'guessed' }],
      [browser, own.url, { token: tokenOf(attackers.answer.text) }],
      [browser, attackers.url, { token: tokenOf(attackers.answer.text) }],
      [attacker, own.url, { token: tokenOf(own.answer.text) }],
    ] as const)
      expect((await of.post(`${at}/client`, form)).status).toBe(404);

    expect(await silentError(browser, other)).toBe('interaction_required');
  });

  it.each([
    ['name', { name: 'Shop of an attacker' }],
    ['redirect addresses', { redirectUrls: [CALLBACK, NEXT] }],
    ['scopes', { scopes: ['openid', 'profile', 'groups'] }],
  ])('shows a client again whose %s have changed', async (_, change) => {
    const { browser, created } = await signIn();
    const { patch, path } = await operatorOf('openid-clients:write', 'applications:write');

    expect((await patch(`${path}/${created.clientId}`, change)).status).toBe(200);

    expect(await silentError(browser, created)).toBe('interaction_required');
    const party = await relyingParty(app, created);
    const asked = await authorizing(party);
    await tokensOf(party, asked, await seenBy(browser, asked.url));
    expect(await silentError(browser, created)).toBeNull();
  });

  it('shows a client of a third party again that has changed since its person agreed', async () => {
    const created = await createClient(app, demo, { isThirdParty: true });
    const party = await relyingParty(app, created);
    const browser = new Browser(app);
    const asked = await authorizing(party);
    const returned = await acceptedBy(app, demo, aPerson(), await openPage(browser, asked.url), true);
    await tokensOf(party, asked, returned);
    expect(await silentError(browser, created)).toBeNull();
    const { patch, path } = await operatorOf('openid-clients:write');

    await patch(`${path}/${created.clientId}`, { redirectUrls: [CALLBACK, NEXT] });

    expect(await silentError(browser, created)).toBe('interaction_required');
    await seenBy(browser, (await authorizing(party)).url);
    expect(await silentError(browser, created)).toBeNull();
  });

  it('notes the client as it was shown, also if it changes before the phone accepts', async () => {
    const created = await createClient(app, demo);
    const browser = new Browser(app);
    const begun = await openPage(browser, (await authorizing(await relyingParty(app, created))).url);
    const { patch, path } = await operatorOf('openid-clients:write');
    await patch(`${path}/${created.clientId}`, { name: 'Changed' });

    await acceptedBy(app, demo, aPerson(), begun);

    expect(await silentError(browser, created)).toBe('interaction_required');
  });

  it('writes a record for each silent sign-in, and none for one that its person answered', async () => {
    const { browser, created } = await signIn();
    const silent = `SELECT 1 FROM audit_records WHERE action = 'openid.signed_in_silently' AND subject = $1`;
    const count = async (): Promise<number> => (await app.database.query(silent, [created.clientId])).length;
    expect(await count()).toBe(0);

    expect(await silentError(browser, created)).toBeNull();
    const again = await authorizing(await relyingParty(app, created));
    await browser.follow(again.url);

    expect(await count()).toBe(2);
  });

  it('has what it saw in the export of its person, and an erasure deletes it', async () => {
    const { tokens, created } = await signIn();
    const userId = tokens.claims()?.sub ?? '';
    const rows = () => app.database.query('SELECT * FROM openid_seen_clients WHERE user_id = $1', [userId]);
    expect(await rows()).toMatchObject([{ client_id: created.clientId }]);
    const operator = await anOperator(app);

    expect(
      JSON.stringify((await operator.post(`/v1/admin/users/${userId}/export`, { reason: 'test' })).text),
    ).toContain('openidSeenClients');
    const erased = await operator.post(`/v1/admin/users/${userId}/erase`, { reason: 'test', now: true });
    expect(erased.status).toBeLessThan(300);
    await app.nest.get(ErasureCompletion).run();

    expect(await rows()).toEqual([]);
  });
});

describe('the scope `openid-clients:write`', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const demo = useApplication(app);
  const missing = (answer: Parameters<typeof expectProblem>[0]): void => {
    expectProblem(answer, 403, 'principal.scope_missing');
    expect((answer.body as { detail: string }).detail).toContain('applications:write');
  };

  it('alone makes no client of the operator, and gives no more to one', async () => {
    const narrow = await anOperator(app, ['openid-clients:write']);
    const wide = await anOperator(app, ['openid-clients:write', 'applications:write']);
    const path = `/v1/admin/applications/${demo.applicationId}/openid-clients`;
    const wanted = { name: 'Shop', redirectUrls: [CALLBACK] };

    missing(await narrow.post(path, wanted));
    missing(await narrow.post(path, { ...wanted, isThirdParty: false }));
    const third = await narrow.post(path, { ...wanted, isThirdParty: true });
    expect(third.status).toBe(201);
    const own = await wide.post(path, wanted);
    expect(own.status).toBe(201);
    const [thirdPath, ownPath] = [third, own].map(
      ({ body }) => `${path}/${(body as CreatedClient).clientId}`,
    ) as [string, string];
    missing(await narrow.patch(thirdPath, { isThirdParty: false }));
    missing(await narrow.patch(ownPath, { redirectUrls: [CALLBACK, NEXT] }));
    missing(await narrow.patch(ownPath, { redirectUrls: [NEXT] }));
    missing(await narrow.patch(ownPath, { scopes: ['openid', 'profile', 'phone'] }));
    // A detour by a client of a third party.
    expect((await narrow.patch(ownPath, { isThirdParty: true, redirectUrls: [NEXT] })).status).toBe(200);
    missing(await narrow.patch(ownPath, { isThirdParty: false }));

    expect((await wide.patch(ownPath, { isThirdParty: false })).status).toBe(200);
    expect((await narrow.patch(ownPath, { name: 'Wiki', scopes: ['openid'] })).status).toBe(200);
    expect(
      (await narrow.patch(thirdPath, { redirectUrls: [CALLBACK, NEXT], scopes: ['openid', 'phone'] })).status,
    ).toBe(200);
    expect((await wide.patch(ownPath, { redirectUrls: [CALLBACK, NEXT] })).status).toBe(200);
    expect((await narrow.delete(ownPath)).status).toBe(204);
  });

  it('ends what a client of a third party has when it becomes one of the operator', async () => {
    const created = await createClient(app, demo, { isThirdParty: true });
    const party = await relyingParty(app, created);
    const asked = await authorizing(party);
    const begun = await openPage(new Browser(app), asked.url);
    const tokens = await tokensOf(party, asked, await acceptedBy(app, demo, aPerson(), begun, true));
    const wide = await anOperator(app);

    const path = `/v1/admin/applications/${demo.applicationId}/openid-clients/${created.clientId}`;
    expect((await wide.patch(path, { isThirdParty: false })).status).toBe(200);

    await expect(client.refreshTokenGrant(party, tokens.refresh_token ?? '')).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });
});

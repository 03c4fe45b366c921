import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { aPerson } from '../factories';
import { signInPerson } from '../support/person-session';
import { anOperator, tokenOf, type Operator } from '../support/operator';
import { useCountersign } from '../support/run-countersign';
import { addMember, aTeam } from '../support/teams';
import type { Demo } from '../support/test-app';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

interface Items {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly nextCursor: string | null;
}

/** The tasks of docs/administration.md, step by step, in the order of the page. */
describe('docs/administration.md', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);
  const demo = useApplication(app);
  const operator = useFixture(() => anOperator(app));
  const walked: string[] = [];

  const task = (heading: string, walk: () => Promise<void>): void => {
    walked.push(heading);
    it(heading, walk);
  };
  const itemsOf = async (path: string): Promise<Items['items']> =>
    ((await operator.get(path)).body as Items).items;
  const lookUp = async (by: object): Promise<readonly string[]> =>
    ((await operator.post('/v1/admin/users/lookup', by)).body as { userIds: string[] }).userIds;

  task('The first principal', async () => {
    const made = await countersign.json<{ principalId: string; clientSecret: string }>(
      'principal create --name alice --all-scopes',
    );
    const { principalId, clientSecret } = made;
    const accessToken = await tokenOf(app, principalId, clientSecret);
    const own = await app.admin.get('/v1/admin/me').set('authorization', `Bearer ${accessToken}`).expect(200);
    expect(own.body).toMatchObject({ name: 'alice' });
  });

  task('Find a person', async () => {
    const person = aPerson({ username: 'ada_found' });
    const { userId, sessionId } = await app.signIn(demo, person);
    expect(await lookUp({ telegramId: String(person.id) })).toEqual([userId]);
    expect(await lookUp({ sessionId })).toEqual([userId]);
    expect(await lookUp({ telegramId: '1' })).toEqual([]);

    const path = `/v1/admin/users/${userId}`;
    const shown = [
      await operator.get(path),
      await operator.get(`${path}/identities`),
      await operator.get(`${path}/sessions`),
    ];
    for (const { status, text } of shown) {
      expect(status).toBe(200);
      expect(text).not.toContain('ada_found');
      expect(text).not.toContain(String(person.id));
    }
    const fields = ['identity.username', 'identity.subject'];
    const revealed = await operator.post(`${path}/reveal`, { fields, reason: 'ticket-1' });
    expect(revealed.text).toContain('ada_found');
    expect(revealed.headers['cache-control']).toBe('no-store');
  });

  task('Tell why a person was refused', async () => {
    const refused = await app.postSignIn({ applicationId: demo.applicationId, initData: 'hash=x' });
    const { requestId, code } = refused.body as { requestId: string; code: string };
    const line = app.logLines.find((each) => each.includes(requestId));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ requestId, code, status: 401 });
    await operator.get(`/v1/admin/principals/${demo.applicationId}`).set('x-request-id', 'of-operator');
    expect(JSON.parse(app.logLines.find((each) => each.includes('of-operator')) ?? '{}')).toMatchObject({
      code: 'principal.not_found',
      principalId: operator.principalId,
    });
  });

  task('A leaked bot token', async () => {
    const shop: Demo = await app.createApplication();
    const victim = await app.signIn(shop);
    const since = app.clock.now().toISOString();
    const forged = await app.postSignIn({
      applicationId: shop.applicationId,
      initData: app.initDataOf(shop, aPerson()),
    });
    expect(forged.status).toBe(200);
    const [bot] = await itemsOf(`/v1/admin/bots?botId=${shop.botId}`);
    const path = `/v1/admin/bots/${String(bot?.['id'])}`;
    expect((await operator.patch(path, { status: 'compromised' })).status).toBe(200);

    const key = { provider: 'telegram', environment: 'production', botId: shop.botId };
    expect((await operator.post('/v1/admin/sessions/revoke', { bot: key, since })).status).toBe(200);
    const attached = `attachedSince=${since}&bot=telegram/production/${shop.botId}`;
    expect(await itemsOf(`/v1/admin/identities?${attached}`)).toEqual([]);
    const token = `${shop.botId}:${randomBytes(26).toString('base64url')}`;
    expect((await operator.post(`${path}/rotate`, { token })).status).toBe(200);
    expect((await operator.patch(path, { status: 'active' })).status).toBe(200);
    await app.catchUp();
    app.clock.advance(1);
    expect((await app.signIn({ ...shop, botToken: token })).assurance).toBe('platform');
    // Telegram itself signed for this one: a leaked token cannot forge it.
    expect((await app.getMe(victim.accessToken)).status).toBe(200);
  });

  task('A lost administrator', async () => {
    const lost = await anOperator(app);
    await countersign.run('principal create --name bob --all-scopes');
    await countersign.run(`principal remove ${lost.principalId}`);
    expect((await lost.get('/v1/admin/me')).status).toBe(401);
    const leaving: Operator = await anOperator(app);
    await operator.patch(`/v1/admin/principals/${leaving.principalId}`, { status: 'disabled' });
    expect((await leaving.get('/v1/admin/me')).status).toBe(401);
  });

  task('An audit request', async () => {
    const person = await app.signIn(demo);
    const userId = encodeURIComponent(person.userId);
    const mine = await itemsOf(`/v1/admin/audit?userId=${userId}`);
    expect(mine.map(({ action }) => action)).toContain('user.created');
    const acted = await itemsOf(`/v1/admin/audit?actor=principal:${operator.principalId}&action=audit.read`);
    expect(acted.length).toBeGreaterThan(0);
    const exported = await countersign.lines('audit export');
    expect(exported.length).toBeGreaterThan(10);
  });

  task('Move a secret', async () => {
    const path = `/v1/admin/applications/${demo.applicationId}/secrets`;
    const before = await itemsOf(path);
    const added = (await operator.post(path, { name: 'next' })).body as { clientSecret: string };
    await app.catchUp();
    const introspect = () =>
      app.http
        .post('/v1/oauth/introspect')
        .auth(demo.applicationId, added.clientSecret)
        .type('form')
        .send({ token: 'x' });
    expect((await introspect()).status).toBe(200);
    for (const { secretId } of before)
      expect((await operator.delete(`${path}/${String(secretId)}`)).status).toBe(204);
    await app.catchUp();
    expect((await introspect()).status).toBe(200);
    expect(await itemsOf(path)).toHaveLength(1);
  });

  task('End sessions, deactivate, erase', async () => {
    const [first, second] = [await app.signIn(demo), await app.signIn(demo)];
    await operator.post(`/v1/admin/sessions/${first.sessionId}/end`);
    expect((await app.getMe(first.accessToken)).status).toBe(401);
    for (const { userId } of [first, second])
      await operator.post(`/v1/admin/users/${userId}/deactivate`).expect(200);
    expect((await app.getMe(second.accessToken)).status).toBe(401);
    await operator.post(`/v1/admin/users/${first.userId}/activate`).expect(200);
    const path = `/v1/admin/users/${first.userId}`;
    expect((await operator.post(`${path}/erase`, { reason: 'ticket-2' })).status).toBe(200);
    expect((await operator.post(`${path}/cancel-erasure`, { reason: 'ticket-2' })).status).toBe(200);
  });

  const createWebhook = async (): Promise<{ path: string; secretId: string }> => {
    const wanted = {
      name: 'crm',
      url: 'https://crm.example.com/webhooks',
      types: ['user.erased', 'user.merged'],
    };
    const created = await operator.post('/v1/admin/webhooks', wanted).expect(201);
    const { webhook, secret } = created.body as {
      webhook: { endpointId: string };
      secret: { secretId: string; secret: string };
    };
    expect(secret.secret).toMatch(/^whsec_/);
    return { path: `/v1/admin/webhooks/${webhook.endpointId}`, secretId: secret.secretId };
  };
  const testWebhook = async (path: string): Promise<string> =>
    ((await operator.post(`${path}/test`).expect(200)).body as { eventId: string }).eventId;
  /** The end of a delivery that the task is about. */
  const end = (eventId: string, state: 'failed' | 'delivered') =>
    app.database.query('UPDATE webhook_deliveries SET state = $2, finished_at = now() WHERE event_id = $1', [
      eventId,
      state,
    ]);

  task('Deliver events to a service', async () => {
    const { path } = await createWebhook();
    const eventId = await testWebhook(path);
    const shown = await operator.get(`${path}/deliveries/${eventId}`);
    expect(shown.body).toMatchObject({ eventId, type: 'webhook.test', state: 'pending', attempts: [] });
    const range = { from: '2020-01-01T00:00:00Z', before: '2099-01-01T00:00:00Z', states: ['missed'] };
    expect((await operator.post(`${path}/deliveries/replay`, range)).status).toBe(200);
  });

  task('Move a webhook secret', async () => {
    const { path, secretId } = await createWebhook();
    const added = await operator.post(`${path}/secrets`, {}).expect(201);
    const next = (added.body as { secretId: string }).secretId;
    const signing = () =>
      app.database.query(
        `SELECT id, expires_at IS NULL AS lasts FROM webhook_secrets
         WHERE endpoint_id = $2 AND coalesce(expires_at > $1, true) ORDER BY id`,
        [app.clock.now(), path.split('/').at(-1)],
      );
    expect(await signing()).toEqual([
      { id: secretId, lasts: false },
      { id: next, lasts: true },
    ]);
    await operator.post(`${path}/secrets`, { overlapUntil: app.clock.now().toISOString() }).expect(201);
    expect(await signing()).toEqual([{ id: expect.not.stringMatching(next) as string, lasts: true }]);
  });

  task('An endpoint that fails', async () => {
    const { path } = await createWebhook();
    const from = app.clock.now().toISOString();
    const [failed, delivered] = [await testWebhook(path), await testWebhook(path)];
    await end(failed, 'failed');
    await end(delivered, 'delivered');
    expect((await operator.get(path)).body).toMatchObject({ status: 'active' });
    expect(await itemsOf(`${path}/deliveries?state=failed`)).toMatchObject([{ eventId: failed }]);
    expect((await operator.post(`${path}/disable`)).status).toBe(200);

    expect((await operator.post(`${path}/enable`)).body).toMatchObject({ status: 'active' });
    app.clock.advance(1);
    const range = { from, before: app.clock.now().toISOString() };
    const replayed = await operator.post(`${path}/deliveries/replay`, range);
    expect(replayed.body).toEqual({ replayed: 1, nextCursor: null });
    expect((await operator.post(`${path}/deliveries/${delivered}/replay`)).status).toBe(200);
    expect(await itemsOf(`${path}/deliveries?state=pending`)).toHaveLength(2);
  });

  task('Teams of people', async () => {
    const [owner, member] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const { teamId } = await aTeam(owner, { name: 'Moderated', description: 'Abuse.' });
    await addMember(app, teamId, member, 'viewer');
    const path = `/v1/admin/teams/${teamId}`;

    expect(await itemsOf(`/v1/admin/teams?applicationId=${demo.applicationId}&name=mod`)).toMatchObject([
      { teamId },
    ]);
    expect(await itemsOf(`/v1/admin/users/${member.userId}/teams`)).toMatchObject([{ teamId }]);
    expect(await itemsOf(`${path}/members`)).toHaveLength(2);
    const cleared = await operator.patch(path, { description: null, logoUrl: null });
    expect(cleared.body).toMatchObject({ description: null });
    const transfer = { userId: member.userId, reason: 'ticket-4711' };
    expect((await operator.post(`${path}/transfer`, transfer)).body).toMatchObject({
      ownerId: member.userId,
    });
    expect((await operator.delete(`${path}/members/${owner.userId}`)).status).toBe(204);
    expect((await operator.delete(path)).status).toBe(204);
    expect((await operator.post(`${path}/restore`)).body).toMatchObject({ state: 'active' });
    const acts = await itemsOf(`/v1/admin/audit?subject=${teamId}`);
    expect(acts.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['team.restored', 'team.deleted', 'team.ownership_transferred', 'team.changed']),
    );
    expect(await itemsOf(`/v1/admin/invitations?teamId=${teamId}`)).toEqual([]);
  });

  task('A disputed referral', async () => {
    const { userId } = await app.signIn(demo);
    expect(await itemsOf(`/v1/admin/audit?action=referral.bound&userId=${userId}`)).toEqual([]);
  });

  it('has no other task', () => {
    const page = readFileSync('docs/administration.md', 'utf8');
    const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    // The pages of the console are walked in a browser, by its system test.
    const tasks = headings.filter((heading) => heading !== 'The console');
    expect(tasks).toEqual([...walked, 'Scopes', 'Lists and changes']);
  });
});

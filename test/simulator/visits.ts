import { randomBytes, randomUUID } from 'node:crypto';
import * as openid from 'openid-client';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { recoverMessageAddress, type Hex } from 'viem';
import { ClientSecrets } from '@countersign/applications';
import { RapidpaceSecrets } from '@countersign/partner-apis';
import { aPerson, type Person } from '../factories';
import { actFor, bind, embed, HELLO, perform } from '../support/embedded-wallets';
import { aKey } from '../support/listings';
import { linkWallet } from '../support/linked-wallets';
import { credentialsOf, MetaproClient } from '../support/metapro-client';
import { createClient, relyingParty, signedIn, tokensOf, type CreatedClient } from '../support/openid';
import { anOperator } from '../support/operator';
import { signInPerson, type PersonSession } from '../support/person-session';
import {
  aRecord,
  enter,
  exchange,
  codeOf as codeOfLink,
  openLink,
  queryOf,
  register,
} from '../support/rapidpace';
import { codeOf, postLaunch, referralIn } from '../support/referrals';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { aTeam, aTeamName } from '../support/teams';
import type { TestApp, Demo } from '../support/test-app';
import { anEvmWallet, SITE } from '../support/wallets';
import { dataOf, XellarClient } from '../support/xellar-client';
import { given, pickAt } from './random';
import type { Stage } from './stage';
import { appOf, SETTINGS, OF_CUSTODY } from './visitors';

interface Visit {
  readonly app: TestApp;
  /** The same product at the other replica. */
  readonly other: TestApp;
  readonly demo: Demo & { readonly clientSecret: string };
  readonly person: Person;
  /** From 0 to less than 1. */
  readonly choice: number;
}

/** People of another application, who come by other ways. Each visit says itself what has to happen. */
export class Visits {
  private readonly people = [aPerson(), aPerson(), aPerson(), aPerson()];
  private demo: Visit['demo'];
  private products: readonly CreatedClient[];
  private readonly secret = randomBytes(24).toString('base64url');

  constructor(private readonly stage: Stage) {}

  get applicationId(): string {
    return this.demo.applicationId;
  }

  async setUp(): Promise<void> {
    const app = appOf(this.stage, this.stage.replica(0));
    const demo = await app.createApplication({ origins: [SITE], settings: SETTINGS });
    const { clientSecret } = await app.nest.get(ClientSecrets).add(demo.applicationId, 'of the back end');
    await app.nest.get(RapidpaceSecrets).add(demo.applicationId, this.secret);
    this.demo = { ...demo, clientSecret };
    this.products = [await createClient(app, demo), await createClient(app, demo, { algorithm: 'ES256' })];
  }

  /** @returns what is wrong */
  async visit(replica: number, choice: number): Promise<{ readonly name: string; readonly error: unknown }> {
    // Custody signs nothing for a restored database before an operator releases it.
    const names = Object.keys(this.ways).filter((way) => !this.stage.isRestored || !OF_CUSTODY.includes(way));
    const name = pickAt(names, choice);
    const { stage, demo } = this;
    const [app, other] = [appOf(stage, stage.replica(replica)), appOf(stage, stage.replica(replica + 1))];
    const rest = (choice * 977) % 1;
    const person = pickAt(this.people, rest);
    const error: unknown = await given(this.ways[name])({ app, other, demo, person, choice: rest }).then(
      () => null,
      (reason: unknown) => reason ?? 'unknown',
    );
    return { name, error };
  }

  private readonly ways: Readonly<Record<string, (visit: Visit) => Promise<void>>> = {
    'a product by OpenID': async ({ app, other, demo, person, choice }) => {
      const product = pickAt(this.products, choice);
      const [party, elsewhere] = [await relyingParty(app, product), await relyingParty(other, product)];
      const { tokens, asked, returned } = await signedIn(app, demo, party, person);
      const { userId } = await app.signIn(demo, person);
      expect(tokens.claims()).toMatchObject({ sub: userId, acr: 'platform' });
      const info = await openid.fetchUserInfo(elsewhere, tokens.access_token, userId);
      expect(info).toMatchObject({ sub: userId, name: expect.any(String) });
      const next = await openid.refreshTokenGrant(elsewhere, given(tokens.refresh_token));
      expect(next.claims()?.sub).toBe(userId);
      if (choice < 0.3) await expect(tokensOf(elsewhere, asked, returned)).rejects.toThrow();
      else if (choice < 0.6)
        await expect(openid.refreshTokenGrant(party, given(tokens.refresh_token))).rejects.toThrow();
      else await openid.tokenRevocation(party, given(next.refresh_token));
      await expect(openid.refreshTokenGrant(elsewhere, given(next.refresh_token))).rejects.toThrow();
      expect((await openid.tokenIntrospection(elsewhere, next.access_token)).active).toBe(false);
    },
    Rapidpace: async ({ app, other, demo: { applicationId } }) => {
      const record = aRecord(app);
      const game = { applicationId, secret: this.secret, secretId: '' };
      expect((await register(app, game, record)).status).toBe(201);
      expect((await register(other, game, record)).status).toBe(200);
      const query = queryOf(record, this.secret);
      const first = await enter(app, applicationId, query);
      const code = codeOfLink(await openLink(other, applicationId, query));
      const again = await exchange(app, applicationId, code);
      expect(again.body).toMatchObject({ userId: first.userId, sessionId: first.sessionId });
      expect((await exchange(other, applicationId, code)).status).toBe(410);
      const forged = queryOf({ ...record, telegram_id: 1 }, `${this.secret}x`);
      expect((await openLink(app, applicationId, forged)).status).toBe(401);
    },
    Metapro: async ({ app, other, demo, person }) => {
      const [page, later] = [new MetaproClient(app), new MetaproClient(other)];
      const who = credentialsOf(await page.logIn(demo, person));
      const { status, body } = await later.me(who);
      expect({ status, body }).toMatchObject({ status: 200, body: { userId: who.userId } });
      const name = aTeamName();
      const made = await page.createTeam(who, { name });
      expect(made.status).toBeLessThan(300);
      const { body: found } = await later.teams(`?name=${encodeURIComponent(name)}`, who);
      expect(JSON.stringify(found)).toContain(name);
      expect((await app.getMe(given(who.accessToken))).status).toBe(401);
      const native = await app.signIn(demo, person);
      expect((await later.me({ ...who, accessToken: native.accessToken })).status).toBe(401);
      const key = generatePrivateKey();
      const wallet = privateKeyToAccount(key).address.toLowerCase();
      const login = await page.walletLogin(key, { projectId: demo.applicationId, rulesChecked: true });
      expect(login.body).toMatchObject({ account: { addresses: [{ wallet }] } });
    },
    Xellar: async ({ app, other, demo }) => {
      const [client, later] = [new XellarClient(app, demo), new XellarClient(other, demo)];
      const made = await client.withWallet();
      const sign = (token: string) =>
        later.post('wallet/sign-message', { message: 'Hello', network: 'ethereum' }, token);
      const { signature } = dataOf(await sign(made.walletToken)) as { readonly signature?: Hex };
      const address = await recoverMessageAddress({ message: 'Hello', signature: given(signature) });
      expect(made.address[0]?.address).toBe(address);
      expect((await sign(made.walletToken)).status).toBe(401);
      const next = await later.refreshed(made.refreshToken);
      expect((await sign(next.walletToken)).status).toBe(200);
    },
    'a wallet of the service': async ({ app, other, demo, person }) => {
      const session = await signInPerson(app, demo, person);
      const stranger = await signInPerson(other, demo);
      const wallets = await Promise.all([embed(session), embed(session)]);
      const { walletId, address } = given(wallets[0]);
      expect(new Set(wallets.map((each) => each.walletId)).size).toBe(1);
      await bind(this.stage.custody, session);
      const actId = await actFor(session, { walletId });
      expect((await perform(stranger, { walletId }, actId)).status).toBe(404);
      const [done, repeated] = [
        await perform(session, { walletId }, actId),
        await perform(session, { walletId }, actId),
      ];
      expect(done.status).toBe(200);
      expect(repeated.status).toBe(409);
      const { signature } = done.body as { readonly signature: Hex };
      expect(await recoverMessageAddress({ message: HELLO.request.message, signature })).toBe(address);
    },
    'a grant': async ({ app, demo, person }) => {
      const session = await signInPerson(app, demo, person);
      const launched = await steppedUpFor(app, demo, session, 'account.join');
      const { grant } = launched;
      const stranger = await signInPerson(app, demo);
      const ask = (by: PersonSession) => withGrant(by.post('/v1/me/joins'), grant);
      expect((await ask(stranger)).status).toBe(403);
      const asked = await ask(launched);
      expect(asked.status).toBe(201);
      expect((await ask(launched)).status).toBe(403);
      const { joinId } = asked.body as { readonly joinId: string };
      expect((await launched.delete(`/v1/me/joins/${joinId}`)).status).toBe(204);
    },
    'a repeated request of an operator': async ({ app, other }) => {
      const operator = await anOperator(app);
      const name = `Once ${randomUUID()}`;
      const key = randomUUID();
      const create = (replica: TestApp) =>
        replica.admin
          .post('/v1/admin/principals')
          .auth(operator.accessToken, { type: 'bearer' })
          .set('idempotency-key', key)
          .send({ name, scopes: ['users:read'] });
      const [first, again] = [await create(app), await create(other)];
      expect({ status: first.status, body: first.body as object }).toMatchObject({ status: 201 });
      expect(again.body).toEqual(first.body);
      const rows = await this.stage.query('SELECT id FROM principals WHERE name = $1', [name]);
      expect(rows).toHaveLength(1);
    },
    'a profile': async ({ app, other, demo, person, choice }) => {
      const session = await signInPerson(app, demo, person);
      const texts = {
        displayName: `Name ${choice}`.slice(0, 12),
        biography: `Words ${choice}`,
        avatarUrl: `https://pictures.example/${choice}`,
      };
      const visibility = { displayName: 'public', biography: 'public', avatarUrl: 'private' };
      const changed = await session.patch('/v1/me/profile', { ...texts, visibility });
      expect({ status: changed.status, body: changed.body as object }).toMatchObject({
        status: 200,
        body: texts,
      });
      const stranger = await signInPerson(other, demo);
      const { body } = await stranger.get(`/v1/users/${session.userId}`);
      const { avatarUrl: _, ...shown } = texts;
      expect(body).toMatchObject({ userId: session.userId, profile: { ...shown } });
      expect(JSON.stringify(body)).not.toContain(texts.avatarUrl);
    },
    'a referral': async ({ app, other, demo, person }) => {
      const inviter = await signInPerson(app, demo, person);
      const code = await codeOf(inviter);
      const count = async () => ((await inviter.get('/v1/me/referrals')).body as { total: number }).total;
      const before = await count();
      const newcomer = aPerson();
      expect(referralIn(await postLaunch(other, demo, `r_${code}`, newcomer))?.outcome).toBe('bound');
      expect(referralIn(await postLaunch(app, demo, `r_${code}`, newcomer))?.outcome).not.toBe('bound');
      expect(await count()).toBe(before + 1);
    },
    'a team': async ({ app, other, demo, person }) => {
      const [owner, member, stranger] = [
        await signInPerson(app, demo, person),
        await signInPerson(other, demo),
        await signInPerson(app, demo),
      ];
      const { teamId, name } = await aTeam(owner);
      await owner.stepUp();
      const taken = await stranger.post('/v1/teams', { name: name.toUpperCase() });
      expect(taken.status).toBe(409);
      const invite = await owner.post(`/v1/teams/${teamId}/invitations`, { role: 'admin', maxUses: 1 });
      const { token } = invite.body as { readonly token: string };
      expect((await stranger.post('/v1/invitations/preview', { token })).body).toMatchObject({
        role: 'admin',
      });
      expect((await member.post('/v1/invitations/accept', { token })).status).toBe(200);
      expect((await stranger.post('/v1/invitations/accept', { token })).status).toBeGreaterThan(400);
      expect((await stranger.patch(`/v1/teams/${teamId}`, { description: 'x' })).status).toBe(403);
      const text = `Words of ${name}`;
      expect((await member.patch(`/v1/teams/${teamId}`, { description: text })).body).toMatchObject({
        description: text,
      });
      const handed = await owner.post(`/v1/teams/${teamId}/transfer`, { userId: member.userId });
      expect(handed.status).toBe(200);
      expect((await owner.delete(`/v1/teams/${teamId}`)).status).toBe(403);
    },
    'a listing': async ({ app, other, demo: { applicationId }, demo, person }) => {
      const owner = await signInPerson(app, demo, person);
      const { teamId } = await aTeam(owner);
      const operator = await anOperator(app);
      const [listed] = await this.stage.query<{ id: string }>(
        'SELECT id FROM listings WHERE application_id = $1',
        [applicationId],
      );
      if (!listed)
        await operator.post('/v1/admin/listings', { applicationId, key: aKey(), name: `Game ${aKey()}` });
      const { body } = await operator.get(`/v1/admin/listings?applicationId=${applicationId}`);
      const [{ listingId, name, key }] = (
        body as { items: [{ listingId: string; name: string; key: string }] }
      ).items;
      const changed = await operator.patch(`/v1/admin/listings/${listingId}`, { teamId });
      expect({ status: changed.status, body: changed.body as object }).toMatchObject({
        status: 200,
        body: { teamId },
      });
      const stranger = await signInPerson(other, demo);
      const path = `/v1/teams/${teamId}/listings/${listingId}`;
      expect((await stranger.patch(path, { state: 'published' })).status).toBe(403);
      const words = { description: aKey() };
      const shown = await owner.patch(path, { state: 'published', ...words });
      expect({ status: shown.status, body: shown.body as object }).toMatchObject({
        status: 200,
        body: words,
      });
      const seen = await stranger.get(`/v1/listings/${listingId}`);
      expect(seen.body).toMatchObject({ name, key, ...words });
      expect((await stranger.put(`/v1/me/favourites/${listingId}`, {})).status).toBeLessThan(300);
      expect((await stranger.get('/v1/me/favourites')).body).toMatchObject({ items: [{ listingId }] });
    },
    'a linked wallet': async ({ app, other, demo }) => {
      const session = await signInPerson(app, demo);
      await session.stepUp();
      const { walletId } = await linkWallet(session, anEvmWallet());
      expect(
        (await session.patch(`/v1/wallets/${walletId}`, { label: 'Mine', isPrimary: true })).body,
      ).toMatchObject({ label: 'Mine', isPrimary: true });
      const stranger = await signInPerson(other, demo);
      expect((await stranger.get(`/v1/wallets/${walletId}`)).status).toBe(404);
      const { body } = await session.get('/v1/me/identities');
      expect((body as { items: readonly object[] }).items).toHaveLength(2);
    },
  };
}

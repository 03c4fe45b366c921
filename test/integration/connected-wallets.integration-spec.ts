import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type { Hex } from 'viem';
import { connectWallet, type PageWallet } from '@countersign/client/wallets';
import { aPerson } from '../factories';
import { mergeAccounts } from '../support/accounts';
import { auditOf } from '../support/audit';
import { Page } from '../support/client-page';
import { expectProblem } from '../support/expect-problem';
import {
  aSteppedUp,
  linkWallet,
  sendConnection,
  sendLink,
  walletsOf,
  type WalletBody,
} from '../support/linked-wallets';
import { signInByWidget, signInPerson, type PersonSession } from '../support/person-session';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { separate } from '../support/separations';
import { eventsOf, subscribe } from '../support/told-events';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  anEvmWallet,
  asKind,
  aTonWallet,
  signInByWallet,
  SITE,
  walletProof,
  type TestWallet,
} from '../support/wallets';

describe('a wallet that is connected', () => {
  const app = useTestApp();
  const demo = useApplication(app, {
    origins: [SITE],
    settings: { metapro: { enabled: true }, loginWidget: { accept: true }, wallets: { accept: true } },
  });
  const founding = useApplication(app, { origins: [SITE], settings: { wallets: { createsAccounts: true } } });
  const partners = useApplication(app, { origins: [SITE], trust: 'third-party' });

  async function connect(session: PersonSession, wallet: TestWallet): Promise<WalletBody> {
    const { status, body } = await sendConnection(session, wallet);
    if (status !== 201) throw new Error(`the connection answered ${status} ${JSON.stringify(body)}`);
    return body as WalletBody;
  }

  it('needs a session and its signature alone, and is shown without signing in', async () => {
    await subscribe(app.database);
    const session = await signInPerson(app, demo);
    const wallet = anEvmWallet();

    const connected = await connect(session, wallet);

    expect(connected).toMatchObject({
      kind: 'connected',
      identityId: null,
      address: wallet.address,
      isPrimary: false,
      assurance: null,
      proof: { kind: 'siwe' },
      canSignIn: false,
    });
    const ton = await connect(
      session,
      aTonWallet('v5r1', 'ton:-239', () => app.clock.now()),
    );
    expect(ton).toMatchObject({ kind: 'connected', provider: 'ton', canSignIn: false });
    expect(await walletsOf(session)).toEqual([connected, ton]);
    expect((await session.get(`/v1/wallets/${connected.walletId}/balances`)).status).toBe(200);
    expect((await eventsOf(app.database)).find(({ type }) => type === 'wallet.linked')).toMatchObject({
      subject: session.userId,
      data: { userId: session.userId, walletId: connected.walletId, canSignIn: false },
    });

    app.clock.advance(60);
    const again = await sendConnection(session, wallet);
    expect({ status: again.status, body: again.body as unknown }).toEqual({
      status: 200,
      body: { ...connected, checkedAt: app.clock.now().toISOString() },
    });
    const named = await session.patch(`/v1/wallets/${connected.walletId}`, { label: 'Savings' });
    expect(named.body).toMatchObject({ label: 'Savings' });
    expect((await session.delete(`/v1/wallets/${connected.walletId}`)).status).toBe(204);
    expect(await walletsOf(session)).toEqual([ton]);
  });

  it('is connected by the button of a page, and by nothing that the person declines', async () => {
    const page = new Page(app, demo, { initData: () => app.initDataOf(demo, aPerson()) });
    const account = privateKeyToAccount(generatePrivateKey());
    let isWanted = true;
    const request: PageWallet['request'] = async ({ method, params }) => {
      if (method === 'eth_requestAccounts') return [account.address];
      if (method === 'eth_chainId') return '0x1';
      if (!isWanted) throw Object.assign(new Error('declined'), { code: 4001 });
      return account.signMessage({ message: { raw: (params as [Hex])[0] } });
    };
    await page.client.signIn();

    expect(await connectWallet(page.client, { request })).toMatchObject({
      address: account.address,
      canSignIn: false,
    });
    isWanted = false;
    await expect(connectWallet(page.client, { request })).rejects.toMatchObject({ code: 'local.declined' });
    page.client.close();
  });

  it('gives the thief of a session nothing, and leaves a notice', async () => {
    const owner = await aSteppedUp(app, demo);
    const own = await linkWallet(owner, anEvmWallet());
    const thief = await signInPerson(app, demo, owner.person);
    const wallet = anEvmWallet();
    const before = await owner.get('/v1/me');

    const { walletId } = await connect(thief, wallet);

    expectProblem(await signInByWallet(app, demo, wallet), 403, 'wallet.not_linked');
    expectProblem(
      await thief.post('/v1/me/step-up', await walletProof(thief, wallet, 'step-up')),
      403,
      'account.other_person',
    );
    const other = await aSteppedUp(app, demo);
    expectProblem(
      await other.post('/v1/me/merges', await walletProof(other, wallet, 'merge')),
      404,
      'account.nothing_to_merge',
    );
    const path = `/v1/wallets/${walletId}`;
    expectProblem(await thief.patch(path, { isPrimary: true }), 409, 'wallet.is_connected');
    expectProblem(await thief.patch(path, { canSignIn: true }), 400, 'request.unknown_field');
    expect((await owner.get('/v1/me')).body).toEqual(before.body);
    expect(await walletsOf(owner)).toMatchObject([
      { walletId: own.walletId, isPrimary: true, canSignIn: true },
      { walletId, isPrimary: false, canSignIn: false },
    ]);
    expect(await auditOf(app, { action: 'wallet.linked' })).toContainEqual(
      expect.objectContaining({ subject: walletId, actor: `session:${thief.sessionId}` }),
    );
    expect((await owner.delete(path)).status).toBe(204);
  });

  it('needs its own signature, for this account, of a text that names the site', async () => {
    const [thief, victim] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const [wallet, key] = [anEvmWallet(), anEvmWallet()];
    const forged = { ...wallet, answer: key.answer };
    expectProblem(await sendConnection(thief, forged), 401, 'wallet.signature_invalid');
    const proof = await walletProof(victim, wallet, 'link');
    expectProblem(await thief.post('/v1/wallets/links', proof), 401, 'wallet.challenge_invalid');
    expectProblem(
      await thief.post('/v1/wallets/links', await walletProof(thief, wallet, 'merge')),
      401,
      'wallet.challenge_invalid',
    );
    expectProblem(await sendConnection(thief, asKind(wallet, 'metapro')), 403, 'auth.assurance_too_low');
    expectProblem(await sendConnection(thief, wallet, { canSignIn: 'no' }), 400, 'request.invalid', [
      { path: 'canSignIn', code: 'boolean' },
    ]);
    expect(await walletsOf(thief)).toEqual([]);
  });

  it('is connected by no session below the level of the account, and of no third party', async () => {
    expectProblem(
      await sendConnection(await signInByWidget(app, demo), anEvmWallet()),
      403,
      'auth.assurance_too_low',
    );
    expectProblem(
      await sendConnection(await signInPerson(app, partners), anEvmWallet()),
      403,
      'account.first_party_only',
    );
  });

  it('signs in once a call says so with a step-up, whose act the refusal names, and stays the same wallet', async () => {
    const session = await signInPerson(app, demo);
    const wallet = anEvmWallet();
    const connected = await connect(session, wallet);
    const refused = await sendLink(session, wallet);
    expectProblem(refused, 403, 'account.step_up_required');
    const { act } = refused.body as { act: string };
    const second = await steppedUpFor(app, demo, session, act);

    const proof = await walletProof(second, wallet, 'link');
    const linked = await withGrant(
      second.post('/v1/wallets/links', { ...proof, canSignIn: true }),
      second.grant,
    );

    expect({ status: linked.status, body: linked.body as unknown }).toMatchObject({
      status: 201,
      body: { walletId: connected.walletId, kind: 'linked', isPrimary: true, canSignIn: true },
    });
    expect((await signInByWallet(app, demo, wallet)).body).toMatchObject({ userId: session.userId });
    expect((await sendConnection(session, wallet)).body).toMatchObject({ kind: 'linked', canSignIn: true });
    expect(await walletsOf(session)).toHaveLength(1);
  });

  it('blocks no link of another account, which ends the connection, with a notice', async () => {
    await subscribe(app.database);
    const [first, second] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const wallet = anEvmWallet();
    const shown = await connect(first, wallet);
    await connect(second, wallet);
    const owner = await aSteppedUp(app, demo);

    await linkWallet(owner, wallet);

    expect(await walletsOf(first)).toEqual([]);
    expect(await walletsOf(second)).toEqual([]);
    expect(await eventsOf(app.database)).toContainEqual(
      expect.objectContaining({
        type: 'wallet.unlinked',
        subject: first.userId,
        data: expect.objectContaining({ walletId: shown.walletId, canSignIn: false }) as unknown,
      }),
    );
    expectProblem(await sendConnection(first, wallet), 409, 'identity.belongs_to_another');
    const founder = anEvmWallet();
    await connect(first, founder);
    const { body } = await signInByWallet(app, founding, founder);
    expect(body).toMatchObject({ isNewUser: true });
    expect((body as { userId: string }).userId).not.toBe(first.userId);
    expect(await walletsOf(first)).toEqual([]);
  });

  it('ends where accounts link each other’s wallets at once', async () => {
    const people = [await aSteppedUp(app, demo), await aSteppedUp(app, demo)];
    const wallets = [anEvmWallet(), anEvmWallet()] as const;
    for (const [index, session] of people.entries()) await connect(session, wallets[index ? 0 : 1]);

    const links = await Promise.all(
      people.map((session, index) => sendLink(session, wallets[index ? 1 : 0])),
    );

    expect(links.map(({ status }) => status)).toEqual([201, 201]);
    for (const session of people) expect(await walletsOf(session)).toMatchObject([{ canSignIn: true }]);
  });

  it('is of its chain where it is a contract: another account links the address of a key', async () => {
    const [first, owner] = [await signInPerson(app, demo), await aSteppedUp(app, demo)];
    const wallet = anEvmWallet();
    const connected = await connect(first, wallet);
    await app.database.query('UPDATE wallets SET chain_id = $2 WHERE id = $1', [
      connected.walletId,
      'eip155:1',
    ]);

    await linkWallet(owner, wallet);

    expect(await walletsOf(first)).toHaveLength(1);
  });

  it('moves with a merge, once where both accounts have it, and returns with a separation', async () => {
    const [survivor, loser] = [await signInPerson(app, demo), await signInPerson(app, demo)];
    const both = anEvmWallet();
    const kept = await connect(survivor, both);
    await connect(loser, both);
    const moved = await connect(loser, anEvmWallet());

    await mergeAccounts(app, demo, survivor, loser);

    expect(await walletsOf(survivor)).toEqual([kept, moved]);
    await separate(app, demo, loser.person);
    expect(await walletsOf(await signInPerson(app, demo, loser.person))).toEqual([moved]);
    expect(await walletsOf(survivor)).toEqual([kept]);
  });

  it('is one of at most fifty', async () => {
    const session = await signInPerson(app, demo);
    const { walletId } = await connect(session, anEvmWallet());
    await app.database.query(
      `INSERT INTO wallets SELECT (jsonb_populate_record(w, jsonb_build_object('id', gen_random_uuid()))).*
       FROM wallets w, generate_series(1, 49) WHERE w.id = $1`,
      [walletId],
    );

    expectProblem(await sendConnection(session, anEvmWallet()), 409, 'wallet.limit_reached');
  });
});

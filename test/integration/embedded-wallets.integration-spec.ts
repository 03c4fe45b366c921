import { randomUUID } from 'node:crypto';
import { recoverMessageAddress, toHex, type Hex } from 'viem';
import { generatePrivateKey, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import type request from 'supertest';
import { Database } from '@countersign/database';
import { ForeignUse, WalletExports } from '@countersign/embedded-wallets';
import { aPerson, times } from '../factories';
import { OPEN_RULES } from '../support/custody';
import {
  askForAct,
  aPermit,
  aWalletApplication,
  anEmbeddedWallet,
  bind,
  embed,
  EIP712_DOMAIN,
  environmentOf,
  HELLO,
  perform,
  actFor,
  acceptedExport,
  exportWords,
  useCustody,
  type ActBody,
} from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { linkWallet, sendLink, walletsOf, type WalletBody } from '../support/linked-wallets';
import { signInByWidget, signInPerson } from '../support/person-session';
import { ISSUER } from '../support/oauth';
import { steppedUpFor, withGrant } from '../support/relaunch';
import { findCanaries } from '../support/search-bytes';
import { dumpOfDatabase } from '../support/table-dump';
import { eventsOf, subscribe, unsubscribe } from '../support/told-events';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';
import { canariesOfWallet } from '../support/wallet-canaries';
import { anEvmWallet, SITE } from '../support/wallets';

const custody = useCustody();
const app = useTestApp(() => ({
  environment: { ...environmentOf(custody).environment, PUBLIC_URL: ISSUER },
}));
const replica = useReplica(app);
const game = useFixture(() => aWalletApplication(app, {}, { origins: [SITE] }));

function bodyOf(answer: request.Response, status = 200): unknown {
  expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status });
  return answer.body;
}

describe('an embedded wallet', () => {
  it('is made once, however parallel the calls of two replicas', async () => {
    const session = await signInPerson(app, game);
    const ask = (index: number) =>
      (index % 2 ? app : replica).http
        .post('/v1/wallets/embedded')
        .set('authorization', `Bearer ${session.accessToken}`)
        .send({ chain: 'evm' });

    const answers = await Promise.all(times(20, ask));

    const made = answers.map(({ body }) => body as { walletId: string; address: string; kind: string });
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.every(({ status }) => status === 201 || status === 200)).toBe(true);
    expect(new Set(made.map(({ walletId }) => walletId)).size).toBe(1);
    expect(made[0]).toMatchObject({ kind: 'embedded', identityId: null, canSignIn: false, proof: null });
    expect(await walletsOf(session)).toHaveLength(1);
  });

  it('is named, made the primary one, and signs in to no account', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    await session.stepUp();
    await linkWallet(session, anEvmWallet());
    const path = `/v1/wallets/${wallet.walletId}`;

    expect(bodyOf(await session.patch(path, { label: 'Game', isPrimary: true }))).toMatchObject({
      label: 'Game',
      isPrimary: true,
    });
    expectProblem(await session.patch(path, { canSignIn: true }), 400, 'request.unknown_field');
    expectProblem(await session.delete(path), 409, 'wallet.is_embedded');
  });

  it('is not there where the application has none, or the session is too weak', async () => {
    const plain = await app.createApplication();
    const without = await signInPerson(app, plain);
    expectProblem(await without.post('/v1/wallets/embedded', { chain: 'evm' }), 403, 'wallet.embedded_off');

    const widget = await signInByWidget(app, game);
    expectProblem(await widget.post('/v1/wallets/embedded', { chain: 'evm' }), 403, 'auth.assurance_too_low');
    const person = await signInPerson(app, game);
    expectProblem(await person.post('/v1/wallets/embedded', { chain: 'btc' }), 400, 'request.invalid');
  });

  it('answers 503 while custody is away, and is made by the same call afterwards', async () => {
    const session = await signInPerson(app, game);
    const before = await anEmbeddedWallet(app, game);
    const wanted = { ...HELLO, key: 'once' };
    const actId = await actFor(before.session, before.wallet, wanted);
    await custody.kill();

    const away = await session.post('/v1/wallets/embedded', { chain: 'evm' });
    expectProblem(away, 503, 'wallet.custody_unavailable');
    expect(away.headers['retry-after']).toBeDefined();
    expectProblem(await perform(before.session, before.wallet, actId), 503, 'wallet.custody_unavailable');
    expect((await session.get('/v1/wallets')).status).toBe(200);

    await custody.run();
    expect((await session.post('/v1/wallets/embedded', { chain: 'evm' })).status).toBe(201);
    expect(await actFor(before.session, before.wallet, wanted)).toBe(actId);
    expect((await perform(before.session, before.wallet, actId)).status).toBe(200);
    expectProblem(await perform(before.session, before.wallet, actId), 409, 'wallet.act_performed');
  });

  it('whose act was never answered has its key free for the next session', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const wanted = { ...HELLO, key: 'once' };
    const actId = await actFor(session, wallet, wanted);
    await custody.kill();
    expectProblem(await perform(session, wallet, actId), 503, 'wallet.custody_unavailable');
    await custody.run();

    const next = await signInPerson(app, game, session.person);
    const other = await actFor(next, wallet, wanted);

    expect(other).not.toBe(actId);
    expect((await perform(next, wallet, other)).status).toBe(200);
    expect(await actFor(next, wallet, wanted)).toBe(other);
    // The journal of custody may have the first one.
    expect(await app.database.query('SELECT FROM wallet_acts WHERE id = $1', [actId])).toHaveLength(1);
  });
});

describe('another application', () => {
  it('uses the wallet where it is first-party and has embedded wallets, and no other one does', async () => {
    const person = aPerson();
    const { session: ofGame, wallet } = await anEmbeddedWallet(app, game, { person });
    const wanted = { chain: 'evm' };
    const shop = await signInPerson(app, await aWalletApplication(app), person);

    expect(bodyOf(await shop.post('/v1/wallets/embedded', wanted))).toMatchObject({
      walletId: wallet.walletId,
      address: wallet.address,
    });
    expect((await perform(shop, wallet, await actFor(shop, wallet))).status).toBe(200);

    const actId = await actFor(ofGame, wallet);
    for (const [demo, code] of [
      [await app.createApplication(), 'wallet.embedded_off'],
      [await aWalletApplication(app, {}, { trust: 'third-party' }), 'account.first_party_only'],
    ] as const) {
      const session = await signInPerson(app, demo, person);
      for (const answer of [
        await session.post('/v1/wallets/embedded', wanted),
        await askForAct(session, wallet),
        await askForAct(session, wallet, { kind: 'unfreeze' }),
      ])
        expectProblem(answer, 403, code);
      const stolen = await perform(session, wallet, actId);
      expect([403, 404]).toContain(stolen.status);
    }
  });
});

describe('an act', () => {
  it('says what would be signed, and signs it', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const issued = bodyOf(await askForAct(session, wallet), 201) as ActBody;
    expect(issued).toMatchObject({
      ...{ kind: 'sign-message', state: 'open', consent: null },
      details: { kind: 'message', text: 'Hello' },
    });

    const { signature } = bodyOf(await perform(session, wallet, issued.actId)) as {
      signature: Hex;
    };

    expect(await recoverMessageAddress({ message: 'Hello', signature })).toBe(wallet.address);
  });

  it('signs once, however parallel its uses on two replicas', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const actId = await actFor(session, wallet);
    const { journal: before } = await custody.client.health();

    const answers = await Promise.all(
      times(20, (index) =>
        (index % 2 ? app : replica).http
          .post(`/v1/wallets/${wallet.walletId}/acts/${actId}/perform`)
          .set('authorization', `Bearer ${session.accessToken}`),
      ),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refusals = answers.filter(({ status }) => status !== 200);
    expect(new Set(refusals.map(({ body }) => (body as { code: string }).code))).toEqual(
      new Set(['wallet.act_performed']),
    );
    expect((await custody.client.health()).journal.sequence).toBe(before.sequence + 1);
  });

  it('is performed by its session for its wallet alone, within ten minutes', async () => {
    const person = aPerson();
    const { session, wallet } = await anEmbeddedWallet(app, game, { person });
    const second = await signInPerson(app, game, person);
    const elsewhere = await signInPerson(app, await aWalletApplication(app), person);
    const thief = await anEmbeddedWallet(app, game);
    const ton = await embed(session, 'ton');
    const actId = await actFor(session, wallet);

    for (const answer of [
      await perform(second, wallet, actId),
      await perform(elsewhere, wallet, actId),
      await perform(session, ton, actId),
      await perform(thief.session, thief.wallet, actId),
      await perform(session, wallet, randomUUID()),
      await perform(session, wallet, 'junk'),
      await second.get(`/v1/wallets/${wallet.walletId}/acts/${actId}`),
    ])
      expectProblem(answer, 404, 'wallet.act_not_found');
    expectProblem(await perform(thief.session, wallet, actId), 404, 'wallet.not_found');

    app.clock.advance(600);
    expectProblem(await perform(session, wallet, actId), 410, 'wallet.act_expired');
    expect(bodyOf(await session.get(`/v1/wallets/${wallet.walletId}/acts/${actId}`))).toMatchObject({
      state: 'expired',
    });
  });

  it('is not performed once the application has no embedded wallets', async () => {
    const closing = await aWalletApplication(app);
    const { session, wallet } = await anEmbeddedWallet(app, closing);
    const actId = await actFor(session, wallet);
    const settings = { embeddedWallets: { enabled: false } };
    await app.changeSettings(closing.applicationId, settings);

    expectProblem(await perform(session, wallet, actId), 403, 'wallet.embedded_off');
  });

  it('is not made for permits, which move money, where transactions are off', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    expectProblem(await askForAct(session, wallet, aPermit(wallet.address)), 403, 'wallet.act_not_allowed');
  });

  it('is not made for what the application does not allow', async () => {
    const strict = await aWalletApplication(app, { acts: ['sign-typed-data'] });
    const { session, wallet } = await anEmbeddedWallet(app, strict);

    expectProblem(await askForAct(session, wallet), 403, 'wallet.act_not_allowed');
    const typed = {
      kind: 'sign-typed-data',
      chainId: 'eip155:1',
      request: {
        typedData: {
          domain: { name: 'Game', version: '1', chainId: 1, verifyingContract: `0x${'11'.repeat(20)}` },
          types: {
            EIP712Domain: EIP712_DOMAIN,
            Move: [{ name: 'to', type: 'uint256' }],
          },
          primaryType: 'Move',
          message: { to: 1 },
        },
      },
    };
    const answer = await askForAct(session, wallet, typed);
    const { actId, details } = answer.body as ActBody;
    expect(details).toMatchObject({ undecoded: [{ contract: `0x${'11'.repeat(20)}`, method: 'Move' }] });
    await custody.reload({ ...OPEN_RULES, undecoded: 'refuse' });
    expectProblem(await perform(session, wallet, actId), 403, 'wallet.act_undecoded');
    await custody.reload(OPEN_RULES);
    const { wallet: linked } = await linkedToo();
    expectProblem(await askForAct(linked.session, linked, HELLO), 409, 'wallet.not_embedded');
  });

  it('signs nothing where custody has no key of the wallet any more', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const actId = await actFor(session, wallet);
    await custody.client.destroy({ callId: randomUUID(), walletId: wallet.walletId });

    expectProblem(await perform(session, wallet, actId), 409, 'wallet.key_missing');
  });

  it('is refused for requests that are none, with a code', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const ton = await embed(session, 'ton');
    const evm = { chainId: 'eip155:1' };
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
    const hostile: readonly (readonly [WalletBody, object])[] = [
      [wallet, { kind: 'sign-message', ...evm, request: { message: 1, encoding: 'text' } }],
      [wallet, { kind: 'sign-message', chainId: 'ton:-239', request: HELLO.request }],
      [wallet, { kind: 'sign-message', request: HELLO.request }],
      [wallet, { kind: 'sign-typed-data', ...evm, request: { typedData: nested(20) } }],
      [ton, { kind: 'ton-proof', request: { domain: 1, payload: {} } }],
      [ton, { kind: 'ton-proof', request: { domain: 'evil.example', payload: 'x' } }],
    ];

    for (const [of, wanted] of hostile) {
      const { status, body } = await askForAct(session, of, wanted);
      expect({ wanted, status, code: (body as { code: string }).code }).toEqual({
        wanted,
        status: status === 400 ? 400 : 403,
        code: expect.stringMatching(/^wallet\./) as unknown,
      });
    }
  });
});

async function linkedToo() {
  const session = await signInPerson(app, game);
  await session.stepUp();
  const linked = await linkWallet(session, anEvmWallet());
  return { wallet: { ...linked, session } };
}

describe('a dump', () => {
  it('leaves nothing in clear in the database', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const secret = 'a message for its signer to read alone';
    const wanted = { ...HELLO, request: { message: secret, encoding: 'text' } };
    const actId = await actFor(session, wallet, wanted);
    expect((await perform(session, wallet, actId)).status).toBe(200);

    const dump = await dumpOfDatabase(app.database);
    for (const clear of [secret, wallet.address, wallet.address.toLowerCase()])
      expect(dump).not.toContain(clear);
    expect(app.logLines.join('\n')).not.toContain(secret);
  });

  it('has no digest that addresses and messages could be tried with', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const { body } = await perform(session, wallet, await actFor(session, wallet));
    const { actId, details } = body as { actId: string; details: { digest: string } };
    // What anyone computes who guesses address and text.
    expect(details.digest).toMatch(/^[0-9a-f]{64}$/);

    const dump = await dumpOfDatabase(app.database);

    expect(dump).toContain(actId);
    expect(dump).not.toContain(details.digest);
    const [record] = await app.database.query<{ digest: string }>(
      `SELECT details ->> 'digest' AS digest FROM audit_records WHERE details ->> 'actId' = $1`,
      [actId],
    );
    expect(record?.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it('has nothing of the words and keys that were shown, nor have logs, metrics and other answers', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const path = `/v1/wallets/${wallet.walletId}`;
    const words = await exportWords(app, custody, session, wallet);
    const asked = await steppedUpFor(app, game, session, 'account.export');
    const answers = [
      await session.get(`${path}/embedded`),
      await withGrant(asked.get('/v1/me/export'), asked.grant),
      await app.gateway.get('/metrics'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const searched = [
      await dumpOfDatabase(app.database),
      ...app.logLines,
      custody.output,
      ...answers.map(({ text }) => text),
    ];

    const found = findCanaries(Buffer.from(searched.join('\n')), canariesOfWallet(words));

    expect(found).toEqual([]);
  });
});

describe('the thief of one session', () => {
  it('asks for four things at most, which the person ends at the bot, and for no key elsewhere without consent', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    await bind(custody, session);
    const { person } = session;
    const thief = await signInPerson(app, game, person);
    for (let count = 0; count < 4; count += 1) await actFor(thief, wallet, { kind: 'export' });

    expectProblem(await askForAct(thief, wallet, { kind: 'export' }), 409, 'wallet.requests_waiting');
    const own = await askForAct(session, wallet, { kind: 'export' });
    expect(own.status).toBe(201);
    const cleared = { call: 'clear-own', walletId: wallet.walletId };
    expect(await custody.page.call(cleared, custody.page.launch(person))).toEqual({});
    expect(await custody.page.accept((own.body as ActBody).consent ?? { link: '' }, person)).toMatchObject({
      code: 'consent_unknown',
    });

    const message = 'Access zkSync account.\n\nOnly sign this message for a trusted client!';
    const key = await askForAct(thief, wallet, { ...HELLO, request: { message, encoding: 'text' } });
    const { actId, consent } = key.body as ActBody;
    expect(consent).not.toBeNull();
    expectProblem(await perform(thief, wallet, actId), 409, 'wallet.consent_needed');
  });
});

describe('an export', () => {
  it('shows words that are the wallet, at the consent page alone, and marks it', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const wanted = { kind: 'export' };
    expectProblem(await askForAct(session, wallet, wanted), 409, 'wallet.consent_unavailable');

    const words = await exportWords(app, custody, session, wallet);

    expect(mnemonicToAccount(words).address).toBe(wallet.address);
    const [row] = await app.database.query<{ exported: boolean }>(
      'SELECT exported_at IS NOT NULL AS exported FROM embedded_wallets WHERE wallet_id = $1',
      [wallet.walletId],
    );
    expect(row?.exported).toBe(true);
    expect(app.logLines.join('\n')).not.toContain(words.split(' ').slice(0, 3).join(' '));
  });

  it('has an event, as a way out that was asked for and use elsewhere, once', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const { walletId } = wallet;
    const told = [
      'wallet.export_requested',
      'wallet.exported',
      'wallet.way_out_named',
      'wallet.way_out_asked',
      'wallet.used_elsewhere',
    ] as const;
    await subscribe(app.database, told);
    await exportWords(app, custody, session, wallet);
    const wayOut = privateKeyToAccount(generatePrivateKey());
    const exports = app.nest.get(WalletExports);
    const asked = await session.post(`/v1/wallets/${walletId}/acts`, {
      ...{ kind: 'way-out', request: { address: wayOut.address } },
    });
    const { consent } = asked.body as { consent: { link: string } };
    expect(await exports.run()).toBe(0);
    await custody.page.acceptWayOut(consent, session.person, wayOut);
    await exports.run();
    await custody.later(73, async () => {
      await custody.page.askWayOut(walletId, wayOut);
    });
    expect([await exports.run(), await exports.run()]).toEqual([0, 0]);
    for (const id of [walletId, walletId])
      await app.nest.get(Database).transaction((tx) => app.nest.get(ForeignUse).note(tx, id));
    await unsubscribe(app.database);

    const data = { userId: session.userId, walletId };
    expect(await eventsOf(app.database)).toMatchObject(
      told.map((type) => ({ type, subject: session.userId, data })),
    );
  });

  it('leaves a way out to its person, whose sessions see it while it waits, and stop it', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    await bind(custody, session);
    const path = `/v1/wallets/${wallet.walletId}`;
    const wayOut = privateKeyToAccount(generatePrivateKey());
    const ask = (request?: object) => session.post(`${path}/acts`, { kind: 'way-out', request });
    for (const request of [
      undefined,
      {},
      { address: 'nowhere' },
      { address: wayOut.address, tonAddress: 'nowhere' },
      { address: wayOut.address, other: 1 },
    ])
      expectProblem(await ask(request), 400, 'wallet.act_malformed');
    const asked = (await ask({ address: wayOut.address })).body as {
      readonly actId: string;
      readonly consent: { readonly link: string };
    };
    expectProblem(await session.post(`${path}/acts/${asked.actId}/perform`), 409, 'wallet.consent_needed');
    const state = async () => (await session.get(`${path}/embedded`)).body as unknown;
    expect(await state()).toMatchObject({ wayOut: null });

    await custody.page.acceptWayOut(asked.consent, session.person, wayOut);
    expect((await session.get(`${path}/acts/${asked.actId}`)).body).toMatchObject({ state: 'done' });
    const next = { to: { evm: wayOut.address, ton: null }, at: expect.any(String) as string };
    expect(await state()).toMatchObject({ wayOut: { to: null, next, readyAt: null, openedAt: null } });
    const stranger = await anEmbeddedWallet(app, game);
    expectProblem(await stranger.session.post(`${path}/way-out/stop`), 404, 'wallet.not_found');
    const stopped = await session.post(`${path}/way-out/stop`);
    expect([stopped.status, stopped.body]).toMatchObject([200, { wayOut: null }]);
    expect((await session.post(`${path}/way-out/stop`)).status).toBe(200);
  });

  it('is ended by a freeze, which its person ends at the consent page', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const path = `/v1/wallets/${wallet.walletId}`;
    const show = await acceptedExport(custody, session, wallet);
    expect((await session.post(`${path}/freeze`)).status).toBe(204);

    await expect(show()).rejects.toMatchObject({ code: 'consent_unknown' });
    expect(await app.nest.get(WalletExports).run()).toBe(0);
    expectProblem(await perform(session, wallet, await actFor(session, wallet)), 409, 'wallet.frozen');
    const { actId, consent } = bodyOf(await askForAct(session, wallet, { kind: 'unfreeze' }), 201) as ActBody;
    const state = () => session.get(`${path}/acts/${actId}`);
    expect((await state()).body).toMatchObject({ kind: 'unfreeze', state: 'open', consent });
    expectProblem(await perform(session, wallet, actId), 409, 'wallet.consent_needed');
    expect(await custody.page.accept(consent ?? { link: '' }, session.person)).toEqual({ state: 'done' });
    expect((await state()).body).toMatchObject({ state: 'done' });
    expect((await perform(session, wallet, await actFor(session, wallet))).status).toBe(200);
  });

  it('gives an address that opens no account and is linked to none', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const words = await exportWords(app, custody, session, wallet);
    const { privateKey } = mnemonicToAccount(words).getHdKey();
    const exported = anEvmWallet('siwe', 'eip155:1', toHex(privateKey ?? new Uint8Array()));
    const thief = await signInPerson(app, game);
    await thief.stepUp();

    expectProblem(await sendLink(thief, exported), 409, 'wallet.is_embedded');
  });
});

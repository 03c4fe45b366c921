import { randomUUID } from 'node:crypto';
import { settleAttachments } from '../support/accounts';
import { aPerson } from '../factories';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import {
  aSteppedUp,
  linkWallet,
  linkWeakly,
  sendLink,
  walletSession,
  walletsOf,
} from '../support/linked-wallets';
import { isLive, signInPerson } from '../support/person-session';
import { rowsThatHold } from '../support/rows-that-hold';
import { useApplication, useTestApp } from '../support/use-test-app';
import { anEvmWallet, aTonWallet, SITE } from '../support/wallets';

describe('linked wallets', () => {
  const app = useTestApp();
  const demo = useApplication(app, { origins: [SITE] });
  const founding = useApplication(app, { origins: [SITE], settings: { wallets: { createsAccounts: true } } });
  const partners = useApplication(app, { origins: [SITE], trust: 'third-party' });
  const aTon = (version: 'v4' | 'v5r1', chainId: 'ton:-239' | 'ton:-3') =>
    aTonWallet(version, chainId, () => app.clock.now());

  it('are answered by the link, listed oldest first, and read one by one', async () => {
    const session = await aSteppedUp(app, demo);
    const [first, second] = [anEvmWallet(), aTon('v4', 'ton:-239')];

    const answer = await sendLink(session, first);
    expect({ status: answer.status, body: answer.body as unknown }).toEqual({
      status: 201,
      body: {
        walletId: expect.any(String) as string,
        identityId: expect.any(String) as string,
        kind: 'linked',
        provider: 'ethereum',
        environment: 'production',
        chainId: null,
        address: first.address,
        label: null,
        isPrimary: true,
        assurance: 'platform',
        proof: { kind: 'siwe', provenOn: 'eip155:1', block: null, nodes: 0, signatureSwitch: null },
        linkedAt: app.clock.now().toISOString(),
        checkedAt: app.clock.now().toISOString(),
        canSignIn: true,
      },
    });
    const ton = await linkWallet(session, second);

    expect(ton).toMatchObject({ provider: 'ton', isPrimary: false, proof: { kind: 'ton-proof' } });
    expect(ton.address).toMatch(/^U[\w-]{47}$/);
    expect(await walletsOf(session)).toEqual([answer.body, ton]);
    expect((await session.get(`/v1/wallets/${ton.walletId}`)).body).toEqual(ton);
    const page = await session.get('/v1/wallets?limit=1');
    const { nextCursor } = page.body as { nextCursor: string };
    expect((await session.get(`/v1/wallets?cursor=${nextCursor}`)).body).toEqual({
      items: [ton],
      nextCursor: null,
    });
  });

  it('that are linked again stay one, with the proof of now', async () => {
    const session = await aSteppedUp(app, demo);
    const wallet = anEvmWallet();
    const linked = await linkWeakly(app, session, wallet);
    expect(linked).toMatchObject({ assurance: 'bot-token' });
    app.clock.advance(60);

    const again = await sendLink(session, wallet);

    expect({ status: again.status, body: again.body as unknown }).toMatchObject({
      status: 200,
      body: {
        walletId: linked.walletId,
        assurance: 'platform',
        proof: { kind: 'siwe' },
        linkedAt: linked.linkedAt,
        checkedAt: app.clock.now().toISOString(),
      },
    });
    expect(await walletsOf(session)).toHaveLength(1);
    const caps = (await auditOf(app, { action: 'identity.linked' }))
      .filter(({ subject }) => subject === linked.identityId)
      .map(({ details }) => details['cap']);
    // The first one as it was linked, before the test lowered it.
    expect(caps).toEqual(['platform', 'platform']);
  });

  it('need the level of the account, and a step-up', async () => {
    const session = await signInPerson(app, demo);
    expectProblem(await sendLink(session, anEvmWallet()), 403, 'account.step_up_required');
    const wallet = anEvmWallet();
    await linkWeakly(app, await aSteppedUp(app, demo, session.person), wallet);

    // The account was proven by the platform: a session by a weaker proof is below its level.
    const below = await walletSession(app, demo, wallet);

    expectProblem(await sendLink(below, anEvmWallet()), 403, 'auth.assurance_too_low');
    const [shown] = await walletsOf(below);
    const path = `/v1/wallets/${shown?.walletId}`;
    expectProblem(await below.patch(path, { label: 'Mine' }), 403, 'auth.assurance_too_low');
    expectProblem(await below.delete(path), 403, 'auth.assurance_too_low');
    expectProblem(await session.delete(path), 403, 'account.step_up_required');
  });

  it('are all shown to sessions at the level of the account only; others see the one that they were opened with', async () => {
    const session = await aSteppedUp(app, demo);
    const [weak, strong] = [anEvmWallet(), anEvmWallet()];
    const [first, second] = [await linkWeakly(app, session, weak), await linkWallet(session, strong)];

    const below = await walletSession(app, demo, weak);
    const partner = await walletSession(app, partners, strong);
    const telegram = await signInPerson(app, partners, session.person);

    expect(await walletsOf(below)).toEqual([first]);
    expectProblem(await below.get(`/v1/wallets/${second.walletId}`), 404, 'wallet.not_found');
    expect(await walletsOf(partner)).toMatchObject([{ walletId: second.walletId }]);
    expectProblem(await partner.get(`/v1/wallets/${first.walletId}`), 404, 'wallet.not_found');
    expect(await walletsOf(telegram)).toEqual([]);
    expectProblem(
      await partner.patch(`/v1/wallets/${second.walletId}`, { label: 'Mine' }),
      403,
      'account.first_party_only',
    );
  });

  it('have one primary wallet, which the person chooses', async () => {
    const session = await aSteppedUp(app, demo);
    const linked = [anEvmWallet(), anEvmWallet(), anEvmWallet()];
    const ids: string[] = [];
    for (const wallet of linked) ids.push((await linkWallet(session, wallet)).walletId);
    const [first = '', second = '', third = ''] = ids;
    const primary = async () => (await walletsOf(session)).filter(({ isPrimary }) => isPrimary);

    const chosen = await session.patch(`/v1/wallets/${third}`, { isPrimary: true });
    expect({ status: chosen.status, body: chosen.body as unknown }).toMatchObject({
      status: 200,
      body: { walletId: third, isPrimary: true },
    });
    expect(await primary()).toMatchObject([{ walletId: third }]);

    await settleAttachments(app);
    expect((await session.delete(`/v1/wallets/${third}`)).status).toBe(204);
    expect(await primary()).toMatchObject([{ walletId: first }]);
    await settleAttachments(app);
    expect((await session.delete(`/v1/wallets/${second}`)).status).toBe(204);
    expect(await primary()).toMatchObject([{ walletId: first }]);
    expectProblem(await session.patch(`/v1/wallets/${first}`, { isPrimary: false }), 400, 'request.invalid');
  });

  it('have a name for the person, which is sealed', async () => {
    const session = await aSteppedUp(app, demo);
    const { walletId } = await linkWallet(session, anEvmWallet());
    const path = `/v1/wallets/${walletId}`;

    const named = await session.patch(path, { label: '  Ersparnisse   für Oma ' });

    expect(named.body).toMatchObject({ label: 'Ersparnisse für Oma', isPrimary: true });
    expect(await rowsThatHold(app.database, ['Ersparnisse', 'für Oma'])).toEqual([]);
    for (const same of [{}, { isPrimary: true }, { label: 'Ersparnisse für Oma' }])
      expect((await session.patch(path, same)).body).toMatchObject({ label: 'Ersparnisse für Oma' });
    expect((await session.patch(path, { label: null })).body).toMatchObject({ label: null });
    // Of the name and of its removal: what changes nothing is not recorded.
    const records = await app.database.query(
      `SELECT details->>'fields' AS fields FROM audit_records WHERE action = 'wallet.changed' AND subject = $1`,
      [walletId],
    );
    expect(records).toEqual([{ fields: 'label' }, { fields: 'label' }]);
    for (const label of ['', '   ', 'two\nlines\u0007', 'a\u202eb', 'x'.repeat(65), 7])
      expectProblem(await session.patch(path, { label }), 400, 'request.invalid');
  });

  it('are reached by their person only', async () => {
    const [owner, other] = [await aSteppedUp(app, demo), await aSteppedUp(app, demo)];
    const { walletId } = await linkWallet(owner, anEvmWallet());

    for (const id of [walletId, randomUUID(), 'none']) {
      const path = `/v1/wallets/${id}`;
      expectProblem(await other.get(path), 404, 'wallet.not_found');
      expectProblem(await other.patch(path, { label: 'Mine' }), 404, 'wallet.not_found');
      expectProblem(await other.delete(path), 404, 'wallet.not_found');
    }
    expect(await walletsOf(owner)).toMatchObject([{ walletId, label: null }]);
  });

  it('go with their identity, and end the sessions that they opened', async () => {
    const session = await aSteppedUp(app, demo);
    const [one, other] = [anEvmWallet(), anEvmWallet()];
    const [first, second] = [await linkWallet(session, one), await linkWallet(session, other)];
    const opened = [await walletSession(app, demo, one), await walletSession(app, demo, other)];

    await settleAttachments(app);
    expect((await session.delete(`/v1/wallets/${first.walletId}`)).status).toBe(204);
    await settleAttachments(app);
    expect((await session.delete(`/v1/me/identities/${second.identityId}`)).status).toBe(204);

    expect(await walletsOf(session)).toEqual([]);
    for (const gone of opened) expect(await isLive(app, gone)).toBe(false);
    expect((await session.get('/v1/me')).body).toMatchObject({ identities: [{ provider: 'telegram' }] });
  });

  it('are unlinked by the rules for identities: one that reaches the level of the account stays', async () => {
    const session = await walletSession(app, founding, anEvmWallet());
    expect((await session.stepUp()).status).toBe(200);
    const [only] = await walletsOf(session);
    expectProblem(await session.delete(`/v1/wallets/${only?.walletId}`), 409, 'identity.last_one');

    await linkWeakly(app, session, anEvmWallet());
    expectProblem(await session.delete(`/v1/wallets/${only?.walletId}`), 409, 'identity.last_at_level');
    expect(await walletsOf(session)).toHaveLength(2);
  });

  it('leave nothing behind that tells their address', async () => {
    const session = await aSteppedUp(app, demo, aPerson());
    const wallets = [anEvmWallet(), anEvmWallet(), aTon('v4', 'ton:-239')];
    for (const wallet of wallets) await linkWallet(session, wallet);
    for (const wallet of wallets) await walletSession(app, demo, wallet);
    const forms = wallets.flatMap(({ subject, address }) => {
      const bare = subject.replace(/^(0x|0:)/, '');
      return [address, subject, bare, bare.toUpperCase(), Buffer.from(bare, 'hex').toString('base64')];
    });
    const shown = (await walletsOf(session)).map(({ address }) => address);

    expect(await rowsThatHold(app.database, [...forms, ...shown])).toEqual([]);
    const logs = app.logLines.join('\n').toLowerCase();
    for (const form of [...forms, ...shown]) expect(logs).not.toContain(form.toLowerCase());
  });
});

import { rowsThatHold } from '../support/rows-that-hold';
import { DAY } from '@countersign/runtime';
import { ErasureCompletion } from '@countersign/account';
import { macOf, open, seal } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { WalletKeys, type OpenedWallet } from '@countersign/linked-wallets';
import { settleAttachments } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { readExport } from '../support/export-schema';
import {
  aSteppedUp,
  linkWallet,
  linkWeakly,
  sendLink,
  walletSession,
  walletsOf,
  type WalletBody,
} from '../support/linked-wallets';
import { anOperator } from '../support/operator';
import type { PersonSession } from '../support/person-session';
import { relaunch, withGrant } from '../support/relaunch';
import type { TestApp } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';
import { anEvmWallet, aTonWallet, SITE, walletProof } from '../support/wallets';

const PLACE = { table: 'notes', column: 'text', row: '1' };

/** The keys of a wallet; undefined for one that is gone. */
async function keysOf(app: TestApp, walletId: string): Promise<OpenedWallet | null | undefined> {
  const found = await app.nest
    .get(Database)
    .transaction((tx) => app.nest.get(WalletKeys).open(tx, [walletId]));
  return found.get(walletId);
}

function digestUnder(key: Parameters<typeof macOf>[0] | undefined): string {
  return key ? macOf(key, Buffer.from('a row')).toString('hex') : '';
}

describe('a wallet', () => {
  const app = useTestApp();
  const demo = useApplication(app, { origins: [SITE] });
  const founding = useApplication(app, { origins: [SITE], settings: { wallets: { createsAccounts: true } } });

  const rowOf = async (walletId: string) =>
    (
      await app.database.query<{ key: string; evidence: string }>(
        'SELECT wallet_key AS key, evidence FROM wallets WHERE id = $1',
        [walletId],
      )
    )[0];

  it('moves with a merge: id, name and key stay, and the primary wallet of the survivor stays it', async () => {
    const survivor = await aSteppedUp(app, demo);
    const own = await linkWallet(survivor, anEvmWallet());
    const wallet = anEvmWallet();
    const other = await walletSession(app, founding, wallet);
    await other.stepUp();
    const [theirs] = await walletsOf(other);
    const second = await linkWallet(other, anEvmWallet());
    const { walletId = '' } = theirs ?? {};
    await other.patch(`/v1/wallets/${walletId}`, { label: 'Savings' });
    const [keys, row] = [await keysOf(app, walletId), await rowOf(walletId)];
    const text = keys && seal(keys.dataKey, PLACE, 'ten coins');

    const merged = await survivor.post('/v1/me/merges', await walletProof(survivor, wallet, 'merge'));

    expect({ status: merged.status, body: merged.body as unknown }).toMatchObject({ status: 200 });
    expect(await walletsOf(survivor)).toMatchObject([
      { walletId: own.walletId, isPrimary: true },
      { walletId, isPrimary: false, label: 'Savings', proof: { kind: 'siwe' } },
      { walletId: second.walletId, isPrimary: false },
    ]);
    const moved = await keysOf(app, walletId);
    expect(moved?.userId).toBe(survivor.userId);
    expect(digestUnder(moved?.macKey)).toBe(digestUnder(keys?.macKey));
    expect(moved && text && open(moved.dataKey, PLACE, text)).toBe('ten coins');
    const now = await rowOf(walletId);
    expect(now?.key).not.toBe(row?.key);
    expect(now?.evidence).not.toBe(row?.evidence);
  });

  it('is the primary one of an account that had none before a merge, also with the merge the other way round', async () => {
    const person = await aSteppedUp(app, demo);
    const survivor = await walletSession(app, founding, anEvmWallet());
    await survivor.stepUp();
    const [founder] = await walletsOf(survivor);
    const linked = await linkWallet(person, anEvmWallet());
    const asked = (await survivor.post('/v1/me/joins')).body as { code: string; number: number };
    const launched = await relaunch(app, founding, person.person, `j_${asked.code}`);
    const accept = launched.post(`/v1/joins/${asked.code}/accept`, { number: asked.number });

    expect((await withGrant(accept, launched.joinAnswer?.grant ?? '')).status).toBe(200);

    expect(await walletsOf(survivor)).toMatchObject([
      { walletId: founder?.walletId, isPrimary: true },
      { walletId: linked.walletId, isPrimary: false },
    ]);

    const [bare, wallet] = [await aSteppedUp(app, demo), anEvmWallet()];
    await walletSession(app, founding, wallet);
    const merged = await bare.post('/v1/me/merges', await walletProof(bare, wallet, 'merge'));
    expect(merged.status).toBe(200);
    expect(await walletsOf(bare)).toMatchObject([{ isPrimary: true }]);
  });

  /** An account with three wallets, the second of them by a weak proof and primary. */
  async function threeWallets(): Promise<{
    session: PersonSession;
    weak: ReturnType<typeof anEvmWallet>;
    linked: readonly WalletBody[];
  }> {
    const session = await aSteppedUp(app, demo);
    const weak = anEvmWallet();
    const linked = [
      await linkWallet(session, anEvmWallet()),
      await linkWeakly(app, session, weak),
      await linkWallet(session, anEvmWallet()),
    ];
    const path = `/v1/wallets/${linked[1]?.walletId}`;
    expect((await session.patch(path, { isPrimary: true, label: 'Mine' })).status).toBe(200);
    return { session, weak, linked };
  }

  it('starts anew when an operator detaches its identity', async () => {
    const { session, weak, linked } = await threeWallets();
    const [first, second, third] = linked;
    const keys = await keysOf(app, second?.walletId ?? '');

    const path = `/v1/admin/identities/${second?.identityId ?? ''}/detach`;
    expect((await (await anOperator(app)).post(path)).status).toBe(200);

    expect(await walletsOf(session)).toMatchObject([
      { walletId: first?.walletId, isPrimary: true },
      { walletId: third?.walletId, isPrimary: false },
    ]);
    const other = await walletSession(app, demo, weak);
    expect(other.userId).not.toBe(session.userId);
    const [detached] = await walletsOf(other);
    expect(detached).toMatchObject({ identityId: second?.identityId, isPrimary: true, label: null });
    expect(detached?.walletId).not.toBe(second?.walletId);
    expect(await keysOf(app, second?.walletId ?? '')).toBeUndefined();
    const anew = await keysOf(app, detached?.walletId ?? '');
    expect(digestUnder(anew?.macKey)).not.toBe(digestUnder(keys?.macKey));
  });

  it('is free for another account once it is unlinked', async () => {
    const [session, wallet] = [await aSteppedUp(app, demo), anEvmWallet()];
    const { walletId } = await linkWallet(session, wallet);
    const other = await aSteppedUp(app, demo);
    const refused = await sendLink(other, wallet);
    expectProblem(refused, 409, 'identity.belongs_to_another');
    expect(JSON.stringify(refused.body)).toContain('/v1/me/merges');
    expect(JSON.stringify(refused.body).toLowerCase()).not.toContain(wallet.subject);

    await settleAttachments(app);
    expect((await session.delete(`/v1/wallets/${walletId}`)).status).toBe(204);

    const linked = await linkWallet(other, wallet);
    expect(linked.walletId).not.toBe(walletId);
    expect(await walletsOf(session)).toEqual([]);
  });

  it('goes with the account that is erased', async () => {
    const [session, wallet] = [await aSteppedUp(app, demo), anEvmWallet()];
    const { walletId } = await linkWallet(session, wallet);
    const preview = await session.get('/v1/me/erasure');
    expect(preview.body).toMatchObject({ lost: { wallets: 1 } });
    expect((await session.delete(`/v1/me?confirm=${session.userId}`)).status).toBe(202);
    app.clock.advance((8 * DAY) / 1_000);

    await app.nest.get(ErasureCompletion).run();

    const audited = ['public.audit_records', 'public.events'];
    const left = await rowsThatHold(app.database, [walletId]);
    expect(left.filter((table) => !audited.some((name) => table.startsWith(name)))).toEqual([]);
    expect(await keysOf(app, walletId)).toBeUndefined();
    await linkWallet(await aSteppedUp(app, demo), wallet);
  });

  it('goes with an account whose keys cannot be opened', async () => {
    const [session, wallet] = [await aSteppedUp(app, demo), anEvmWallet()];
    const { walletId } = await linkWallet(session, wallet);
    const other = await aSteppedUp(app, demo);
    const { walletId: damaged } = await linkWallet(other, anEvmWallet());
    for (const { userId, ...by } of [session, other])
      expect((await by.delete(`/v1/me?confirm=${userId}`)).status).toBe(202);
    await app.database.query(`UPDATE users SET data_key = data_key || 'A' WHERE id = $1`, [session.userId]);
    await app.database.query(`UPDATE wallets SET wallet_key = wallet_key || 'A' WHERE id = $1`, [damaged]);
    app.clock.advance((8 * DAY) / 1_000);

    expect(await app.nest.get(ErasureCompletion).run()).toBe(2);

    expect(
      await app.database.query('SELECT 1 FROM wallets WHERE id = ANY($1::uuid[])', [[walletId, damaged]]),
    ).toEqual([]);
  });

  it('is in the export, with its name and its proof; below the level only the one that signed in', async () => {
    const session = await aSteppedUp(app, demo);
    const weak = anEvmWallet();
    const [first, second] = [await linkWallet(session, anEvmWallet()), await linkWeakly(app, session, weak)];
    const v5 = await linkWallet(
      session,
      aTonWallet('v5r1', 'ton:-239', () => app.clock.now()),
    );
    await session.patch(`/v1/wallets/${first.walletId}`, { label: 'Savings' });
    const exported = async (by: PersonSession) => {
      const { text } = await by.get('/v1/me/export');
      return readExport(text).sections['wallets']?.items;
    };

    expect(await exported(session)).toMatchObject([
      {
        walletId: first.walletId,
        label: 'Savings',
        isPrimary: true,
        proof: { kind: 'siwe', provenOn: 'eip155:1', check: null, ton: null },
      },
      { walletId: second.walletId, label: null, isPrimary: false },
      {
        walletId: v5.walletId,
        proof: { kind: 'ton-proof', ton: { nodes: 0, signatureSwitch: 'not-asked' } },
      },
    ]);
    const below = await walletSession(app, demo, weak);
    expectProblem(await below.get('/v1/me/export'), 403, 'auth.assurance_too_low');
  });
});

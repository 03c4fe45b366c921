import type { Page } from '@countersign/http';
import { expectProblem } from '../support/expect-problem';
import { aSteppedUp, linkWallet, walletSession, walletsOf } from '../support/linked-wallets';
import { anOperator } from '../support/operator';
import { isLive } from '../support/person-session';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { anEvmWallet, aTonWallet, SITE } from '../support/wallets';

const WALLETS = '/v1/admin/wallets';

describe('wallets for operators', () => {
  const app = useTestApp();
  const demo = useApplication(app, { origins: [SITE] });
  const founding = useApplication(app, { origins: [SITE], settings: { wallets: { createsAccounts: true } } });
  const operator = useFixture(() => anOperator(app));

  async function twoWallets() {
    const session = await aSteppedUp(app, demo);
    const evm = anEvmWallet();
    const ton = aTonWallet('v4', 'ton:-239', () => app.clock.now());
    const [first, second] = [await linkWallet(session, evm), await linkWallet(session, ton)];
    return { session, evm, ton, first, second };
  }

  it('are listed newest first, counted, filtered and read, without addresses and names', async () => {
    const { session, first, second } = await twoWallets();
    await session.patch(`/v1/wallets/${first.walletId}`, { label: 'Savings' });
    const { userId } = session;
    const list = async (query: string) =>
      (await operator.get(`${WALLETS}?${query}`)).body as Page<{ walletId: string }>;

    const mine = await list(`userId=${userId}`);

    expect(mine.items.map(({ walletId }) => walletId)).toEqual([second.walletId, first.walletId]);
    expect((await operator.get(`${WALLETS}/${first.walletId}`)).body).toEqual({
      walletId: first.walletId,
      userId,
      identityId: first.identityId,
      kind: 'linked',
      provider: 'ethereum',
      environment: 'production',
      chainId: null,
      isPrimary: true,
      linkedAt: first.linkedAt,
      checkedAt: first.checkedAt,
      canSignIn: true,
    });
    const page = await list('limit=1');
    expect(page.items).toMatchObject([{ walletId: second.walletId }]);
    expect((await list(`limit=1&cursor=${page.nextCursor}`)).items).toMatchObject([
      { walletId: first.walletId },
    ]);
    const text = JSON.stringify([mine, page]).toLowerCase();
    expect(text).not.toContain(first.address.toLowerCase());
    expect(text).not.toContain('savings');
  });

  it('are unlinked with their identity, whose sessions end; never the last one', async () => {
    const { session, evm, first, second } = await twoWallets();
    const opened = await walletSession(app, demo, evm);

    const answer = await operator.delete(`${WALLETS}/${first.walletId}`);

    expect({ status: answer.status, body: answer.body as unknown }).toEqual({
      status: 200,
      body: { walletId: first.walletId, endedSessions: 1 },
    });
    expect(await isLive(app, opened)).toBe(false);
    expect(await walletsOf(session)).toMatchObject([{ walletId: second.walletId, isPrimary: true }]);
    expectProblem(await operator.delete(`${WALLETS}/${first.walletId}`), 404, 'wallet.not_found');

    const [only] = await walletsOf(await walletSession(app, founding, anEvmWallet()));
    expectProblem(await operator.delete(`${WALLETS}/${only?.walletId}`), 409, 'identity.last_one');
  });
});

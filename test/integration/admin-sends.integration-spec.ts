import type { Page } from '@countersign/http';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { aWalletApplication, useCustody } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { useFakeNode } from '../support/fake-node';
import { anOperator } from '../support/operator';
import { aFundedWallet, broadcast, CHAIN, coin, FRIEND, send, sendingOn } from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const SENDS = '/v1/admin/sends';

describeWithAnvil('sends for operators', () => {
  const anvil = useAnvil();
  const second = useFakeNode(() => anvil.url);
  const custody = useCustody();
  const app = useTestApp(() => sendingOn(custody, [anvil.url, second.url]));
  const game = useFixture(() => aWalletApplication(app, { acts: ['send'] }));
  const operator = useFixture(() => anOperator(app));

  beforeEach(() => anvil.request('evm_setAutomine', [false]));
  afterEach(() => anvil.request('evm_setAutomine', [true]));

  it('are listed with what each node said, counted and filtered, without a personal field', async () => {
    const { session, wallet, address } = await aFundedWallet(app, game, anvil);
    second.fail('eth_sendRawTransaction', -32000, 'replacement transaction underpriced');
    const [one, other] = [await send(session, wallet, coin(5)), await send(session, wallet, coin(6))];
    await broadcast(app);
    const { walletId } = wallet;
    const list = async (query: string) =>
      (await operator.get(`${SENDS}?${query}`)).body as Page<{ sendId: string }>;
    const idsOf = async (query: string) => (await list(query)).items.map(({ sendId }) => sendId);

    const mine = await list(`walletId=${walletId}`);

    expect(mine.items[0]).toMatchObject({
      ...{ sendId: other.sendId, walletId, userId: session.userId, applicationId: game.applicationId },
      ...{ chainId: CHAIN, state: 'broadcasting', nonce: 1 },
      versions: [{ kind: 'first' }],
      answers: [
        { node: 0, answer: 'accepted', code: null, words: null },
        { node: 1, answer: 'refused', code: -32000, words: 'replacement transaction underpriced' },
      ],
    });
    expect((await operator.get(`${SENDS}/${other.sendId}`)).body).toEqual(mine.items[0]);
    const page = await list(`walletId=${walletId}&limit=1`);
    expect(await idsOf(`walletId=${walletId}&limit=1&cursor=${page.nextCursor}`)).toEqual([one.sendId]);
    expect(await idsOf('state=broadcasting')).toEqual([other.sendId, one.sendId]);
    expect(await idsOf('state=final')).toEqual([]);
    expectProblem(await operator.get(`${SENDS}?state=lost`), 400, 'request.invalid');
    expectProblem(await operator.get(`${SENDS}/${walletId}`), 404, 'send.not_found');
    const shown = (await operator.get(`${SENDS}/${one.sendId}`)).body as object;
    const text = JSON.stringify([mine, shown]).toLowerCase();
    for (const { hash } of [...one.versions, ...other.versions]) expect(text).not.toContain(hash);
    for (const secret of [FRIEND, address]) expect(text).not.toContain(secret.toLowerCase());
    expect(text).toContain(one.sendId);
    const chains = await anOperator(app, ['chains:read']);
    expectProblem(await chains.get(SENDS), 403, 'principal.scope_missing');
  });
});

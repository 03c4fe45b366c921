import { describeWithAnvil, useAnvil } from '../support/anvil';
import { indexerOf, useFakeIndexer } from '../support/fake-indexer';
import { useFakeNode } from '../support/fake-node';
import { aWalletOwner, chainsOf, historyOf } from '../support/followed-wallets';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE } from '../support/wallets';

describeWithAnvil('an answer of an indexer that is too large', () => {
  const anvil = useAnvil({ flags: ['--slots-in-an-epoch', '1'] });
  const node = useFakeNode(() => anvil.url);
  const indexer = useFakeIndexer(anvil);
  const app = useTestApp(() => ({
    environment: {
      CHAINS: chainsOf([node.url], { mayNameAddresses: true, indexer: indexerOf(indexer) }),
    },
  }));
  const demo = useApplication(app, { origins: [SITE] });

  it('is asked for again with fewer rows', async () => {
    const owner = await aWalletOwner(app, demo);
    for (let index = 0; index < 25; index += 1) await anvil.pay(owner.address, 1n);
    // As anyone can make them who sends data to the wallet.
    const input = `0x${'00'.repeat(200_000)}`;
    indexer.lieAbout('txlist', (rows) => rows.map((row) => ({ ...row, input })));

    expect(await historyOf(owner)).toHaveLength(25);
  });
});

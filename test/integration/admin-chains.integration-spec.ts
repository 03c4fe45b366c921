import { describeWithAnvil, useAnvil } from '../support/anvil';
import { anvilChain, chainsDocument } from '../support/chains';
import { useTwoNodes } from '../support/fake-node';
import { anOperator, type Operator } from '../support/operator';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const PATH = '/v1/admin/chains';

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

describeWithAnvil('the chains, for operators', () => {
  const anvil = useAnvil();
  const [first, second] = useTwoNodes(anvil);
  const environment: Record<string, string> = {};
  const app = useTestApp(() => {
    environment['CHAINS'] = chainsDocument(
      anvilChain([`${first.url}a-key-of-the-operator`, second.url], { mayNameAddresses: false }),
      { chainId: 'ton:-3', rpcUrls: [`${second.url}ton`], mayNameAddresses: true },
    );
    return { environment };
  });

  const operator: Operator = useFixture(() => anOperator(app, ['chains:read']));
  const ready = async (): Promise<Check | undefined> => {
    const { body } = await app.http.get('/health/ready');
    return (body as { checks: readonly Check[] }).checks.find(({ name }) => name === 'chains');
  };

  it('are listed with their nodes, and without URLs', async () => {
    await anvil.mine(3);
    second.lie('eth_chainId', '0x1');

    const { body } = await operator.get(PATH).expect(200);

    const { number } = await anvil.client.getBlock();
    expect(body).toMatchObject({
      items: [
        {
          chainId: 'eip155:31337',
          name: 'anvil',
          kind: 'evm',
          environment: 'production',
          currency: { symbol: 'ETH', decimals: 18 },
          confirmations: 2,
          genesisHash: null,
          mayNameAddresses: false,
          tokens: 0,
          nodes: [
            { index: 0, state: 'up', reason: null, head: Number(number) },
            { index: 1, state: 'lying', reason: 'wrong_chain_id', head: null },
          ],
        },
        { chainId: 'ton:-3', kind: 'ton', nodes: [{ state: 'away', head: null }] },
      ],
    });
    expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|a-key-of/);
    expect(await ready()).toEqual({
      name: 'chains',
      ok: true,
      detail: expect.stringMatching(
        /^eip155:31337: 1 of 2 nodes \(lying, wrong_chain_id\), ton:-3: 1 of 1 nodes \(away, \w+\)$/,
      ) as string,
    });
  });
});

import type { Ways } from './audit-trail';
import { ofOperator } from './audit-ways-of-operators';
import { FakeNode } from './fake-node';
import { ANVIL_CHAIN, chainsOf } from './followed-wallets';
import { Countersign } from './run-countersign';

function blockOf(number: number): object {
  const hashOf = (at: number): string => `0x${at.toString(16).padStart(64, '0')}`;
  return { number: `0x${number.toString(16)}`, hash: hashOf(number + 1), parentHash: hashOf(number) };
}

/** What operators do to chains. */
export const waysOfChains: Ways<'chain.reset'> = {
  'chain.reset': {
    'at the command line': async ({ app, cli }) => {
      const node = await FakeNode.start();
      node.lie('eth_chainId', '0x7a69');
      node.lie('eth_getBlockByNumber', ([tag]: readonly unknown[]) =>
        blockOf(String(tag).startsWith('0x') ? Number(tag) : 90),
      );
      await app.database.query(
        `INSERT INTO chain_positions (chain_id, tip_number, tip_hash, final_number, state, fault, state_since)
         VALUES ($1, 80, '0x01', 70, 'stopped', 'lying: below_finality', now())`,
        [ANVIL_CHAIN],
      );
      const countersign = new Countersign(app, { CHAINS: chainsOf([node.url]) });
      const act = cli(async () => {
        await countersign.json(`chain reset ${ANVIL_CHAIN} --last-block 60 --confirm`);
        const details = { lastBlock: '60', removedEntries: '0', wallets: '0' };
        return [ofOperator('chain.reset', null, { subject: ANVIL_CHAIN, details })];
      });
      const cleanUp = async (): Promise<void> => {
        await node.stop();
        await app.database.query('DELETE FROM chain_blocks');
        await app.database.query('DELETE FROM chain_positions');
      };
      return { ...act, cleanUp };
    },
  },
};

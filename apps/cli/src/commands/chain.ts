import type { ChainResponse } from '@countersign/chains';
import { command, group } from '../declaration';
import { listing } from '../output';

const one = { '<chain>': 'its CAIP-2 id, such as eip155:1' };

export const chain = group('chain', 'chains whose nodes are asked about wallets', {
  list: command('list the configured chains, and what their nodes answer now').list({
    read: async (_call, app, { chains }) =>
      (await app.get(chains.ChainStates).list()).map((state) => chains.ChainResponse.of(state)),
    columns: {
      chain: 'chainId',
      name: 'name',
      environment: 'environment',
      head: ({ nodes }) => String(Math.max(0, ...nodes.map(({ head }) => head ?? 0)) || '-'),
      nodes: ({ nodes }) => statesOf(nodes),
      indexers: ({ indexers }) => statesOf(indexers),
    },
  }),
  show: command('show a chain, and what its nodes answer now', one).act(
    async (call, app, { chains: { ChainResponse, ChainStates } }) => {
      const found = ChainResponse.of(await app.get(ChainStates).get(call.argument));
      const states = { nodes: statesOf(found.nodes), indexers: statesOf(found.indexers) || null };
      return { json: found, text: listing({ ...found, ...states }) };
    },
  ),
});

function statesOf(all: ChainResponse['nodes']): string {
  return all.map(({ state, reason }) => (reason === null ? state : `${state} (${reason})`)).join(', ');
}

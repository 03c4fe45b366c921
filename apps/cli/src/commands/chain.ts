import type { INestApplicationContext } from '@nestjs/common';
import type { ChainResponse } from '@countersign/chains';
import type { ChainFollowerResponse } from '@countersign/wallet-history';
import { wholeNumber } from '../call';
import { command, group, needed, type Libs } from '../declaration';
import { UsageError } from '../errors';
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
      followed: ({ isFollowed }) => (isFollowed ? 'followed' : ''),
      head: ({ nodes }) => String(Math.max(0, ...nodes.map(({ head }) => head ?? 0)) || '-'),
      nodes: ({ nodes }) => statesOf(nodes),
      indexers: ({ indexers }) => statesOf(indexers),
    },
  }),
  show: command('show a chain, how far it is read, and what its nodes answer now', one).act(
    async (call, app, libs) => {
      const { ChainResponse, ChainStates } = libs.chains;
      const found = ChainResponse.of(await app.get(ChainStates).get(call.argument));
      const follower = found.isFollowed ? await followerOf(found.chainId, app, libs) : null;
      const states = { nodes: statesOf(found.nodes), indexers: statesOf(found.indexers) || null };
      return { json: { ...found, follower }, text: listing({ ...found, ...states, ...follower }) };
    },
  ),
  reset: command('have a chain read again from a block on, after a node sent false blocks', {
    ...one,
    '--last-block <number>': needed('the last block whose transactions stay'),
    '--confirm': 'remove what is read of later blocks: without it nothing is done',
  }).act(async (call, app, { history }) => {
    const chainId = call.argument;
    const lastBlock = wholeNumber('last-block', call.required('last-block'), 0, history.MAX_BLOCK);
    if (!call.has('confirm'))
      throw new UsageError(
        `--confirm is missing: what is read of ${chainId} after block ${lastBlock} would be removed, and read again.`,
      );
    const json = history.ChainResetResponse.of(await app.get(history.ChainResets).reset(chainId, lastBlock));
    const { removedEntries, wallets } = json;
    const text = `Chain ${json.chainId} is read again after block ${lastBlock}; ${removedEntries} entries of ${wallets} wallet(s) were removed`;
    return { json, text };
  }),
});

function statesOf(all: ChainResponse['nodes']): string {
  return all.map(({ state, reason }) => (reason === null ? state : `${state} (${reason})`)).join(', ');
}

/** Null before its first replica with a follower has started. */
async function followerOf(
  chainId: string,
  app: INestApplicationContext,
  { errors, history }: Libs,
): Promise<ChainFollowerResponse | null> {
  try {
    return history.ChainFollowerResponse.of(await app.get(history.FollowerStates).get(chainId));
  } catch (error) {
    if (error instanceof errors.AppError && error.code === 'chain.not_read') return null;
    throw error;
  }
}

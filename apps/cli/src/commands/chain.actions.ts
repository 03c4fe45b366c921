import { ChainResponse, ChainStates } from '@countersign/chains';
import { AppError } from '@countersign/errors';
import {
  ChainFollowerResponse,
  ChainResetResponse,
  ChainResets,
  FollowerStates,
  MAX_BLOCK,
} from '@countersign/wallet-history';
import { wholeNumber, type Connected } from '../command';
import { listing, table } from '../list-output';
import { UsageError } from '../usage';

export const list: Connected = async (_call, app) => {
  const json = (await app.get(ChainStates).list()).map((state) => ChainResponse.of(state));
  const rows = json.map(({ chainId, name, environment, isFollowed, nodes }) => [
    chainId,
    name,
    environment,
    isFollowed ? 'followed' : '',
    String(Math.max(0, ...nodes.map(({ head }) => head ?? 0)) || '-'),
    nodes.map(({ state, reason }) => (reason === null ? state : `${state} (${reason})`)).join(', '),
  ]);
  return { json, text: table(['chain', 'name', 'environment', 'followed', 'head', 'nodes'], rows) };
};

export const show: Connected = async (call, app) => {
  const chain = ChainResponse.of(await app.get(ChainStates).get(call.positionals[0] ?? ''));
  const follower = chain.isFollowed ? await followerOf(app.get(FollowerStates), chain.chainId) : null;
  return { json: { ...chain, follower }, text: listing({ ...chain, ...follower }) };
};

export const reset: Connected = async (call, app) => {
  const chainId = call.positionals[0] ?? '';
  const lastBlock = wholeNumber('last-block', call.required('last-block'), 0, MAX_BLOCK);
  if (!call.has('confirm'))
    throw new UsageError(
      `--confirm is missing: what is read of ${chainId} after block ${lastBlock} would be removed, and read again.`,
    );
  const json = ChainResetResponse.of(await app.get(ChainResets).reset(chainId, lastBlock));
  const { removedEntries, wallets } = json;
  const text = `Chain ${json.chainId} is read again after block ${lastBlock}; ${removedEntries} entries of ${wallets} wallet(s) were removed`;
  return { json, text };
};

/** Null before its first replica with a follower has started. */
async function followerOf(states: FollowerStates, chainId: string): Promise<ChainFollowerResponse | null> {
  try {
    return ChainFollowerResponse.of(await states.get(chainId));
  } catch (error) {
    if (error instanceof AppError && error.code === 'chain.not_read') return null;
    throw error;
  }
}

import { ChainResponse, ChainStates } from '@countersign/chains';
import type { Connected } from '../command';
import { listing, table } from '../list-output';

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
  const json = ChainResponse.of(await app.get(ChainStates).get(call.positionals[0] ?? ''));
  return { json, text: listing(json) };
};

import type { XellarNetworkRequest } from '../dto/signing.dto';
import { xellarError } from '../xellar.errors';

/** Xellar uses one name for two test networks of Polygon. The list has the network that still runs. */
const NETWORKS = new Map(
  Object.entries({
    ethereum: 1,
    'binance-smart-chain': 56,
    'polygon-pos': 137,
    avalanche: 43_114,
    fantom: 250,
    'arbitrum-one': 42_161,
    'optimistic-ethereum': 10,
    immutable: 13_371,
    'x-layer': 196,
    lisk: 1_135,
    base: 8_453,
    kaia: 8_217,
    'skale-calypso': 1_564_830_818,
    'skale-europa': 2_046_399_126,
    'skale-nebula': 1_482_601_649,
    'skale-titan': 1_350_216_234,
    opbnb: 204,
    scroll: 534_352,
    'manta-pacific': 169,
    story: 1_514,
    juchain: 210_000,
    'ethereum-testnet': 5,
    'ethereum-holesky': 17_000,
    'ethereum-sepolia': 11_155_111,
    'binance-smart-chain-testnet': 97,
    'polygon-pos-testnet': 80_002,
    'lisk-sepolia': 4_202,
    'base-sepolia': 84_532,
    'story-testnet': 1_513,
    'story-odyssey': 1_516,
    'story-aeneid': 1_315,
    'skale-calypso-testnet': 974_399_131,
    'skale-europa-testnet': 1_444_673_419,
    'skale-nebula-testnet': 37_084_624,
    'skale-titan-testnet': 1_020_352_220,
    'manta-pacific-sepolia': 3_441_006,
    'juchain-testnet': 202_599,
  }),
);
const CHAIN_ID = /^[1-9]\d{0,15}$/;

/** Returns the id of the chain in CAIP-2. */
export function chainOf({ network, chainId }: XellarNetworkRequest): string {
  if (network === undefined && chainId === undefined) throw xellarError('xellar.network_required');
  const named = network === undefined ? null : NETWORKS.get(network);
  if (named === undefined) throw notSupported(network ?? '');
  if (chainId === undefined) return `eip155:${String(named)}`;
  if (!CHAIN_ID.test(chainId)) throw notSupported(chainId);
  if (named !== null && String(named) !== chainId) throw xellarError('xellar.network_required');
  return `eip155:${chainId}`;
}

function notSupported(name: string): Error {
  const shown = /^[\w-]{1,40}$/.test(name) ? `\`${name}\` is` : 'It is';
  return xellarError('xellar.network_not_supported', {
    detail: `${shown} not supported. Supported are chain ids of EVM networks, and ${[...NETWORKS.keys()].join(', ')}.`,
  });
}

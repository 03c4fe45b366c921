import type { ClassConstructor } from 'class-transformer';
import { ConfigurationError, type Configuration } from '@countersign/runtime';
import { AppError, readJsonObject } from '@countersign/text';
import { readInput } from '@countersign/http';
import { readEvmAddress, readTonAddress } from '@countersign/wallet-proofs';
import type { Chain, EvmChainSending, TonChainSending } from '../chain';
import { EvmChainInFile, TonChainInFile } from './chain-file';
import { knownChains, type KnownChain } from './known-chains';

/** A node or an indexer. It stays inside this lib, and never appears in a log, an error or an answer. */
export interface Endpoint {
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** The file's value for this indexer, or for the nodes of its chain. */
  readonly requestsPerSecond: number;
  /** Only an EVM chain's indexer has it. */
  readonly shape?: 'blockscout' | 'etherscan';
}

export interface ConfiguredChain extends Chain {
  readonly nodes: readonly Endpoint[];
  /** For TON, APIs of toncenter (version 3). An EVM chain has at most one indexer. */
  readonly indexers: readonly Endpoint[];
}

/** Names the location and the broken rule, never the value. */
export class ChainFault extends Error {
  constructor(readonly fault: string) {
    super(fault);
  }
}

const MAX_CHAINS = 100;
/** Nodes without an archive have the states of the last 128 blocks. */
const MAX_DEFAULT_DEPTH = 64;

export function configuredChains({ chains }: Configuration): readonly ConfiguredChain[] {
  if (chains === null) return [];
  try {
    return readChains(chains.text);
  } catch (error) {
    if (!(error instanceof ChainFault)) throw error;
    throw new ConfigurationError([`${chains.source} is not valid: ${error.fault}.`]);
  }
}

/** Reads the text of `CHAINS`: `{ "chains": [ ... ] }`. */
export function readChains(text: string): readonly ConfiguredChain[] {
  const { chains: items, ...others } = readJsonObject(text) ?? {};
  if (!Array.isArray(items) || items.length > MAX_CHAINS || Object.keys(others).length > 0)
    throw new ChainFault(
      `must be a JSON object with nothing but \`chains\`, a list of at most ${MAX_CHAINS}, and no name twice in an object`,
    );
  const chains = items.map((item, index) => readChain(`chains[${index}]`, item));
  const ids = chains.map(({ id }) => id);
  const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (twice !== -1) throw new ChainFault(`chains[${twice}].chainId is that of another chain of the list`);
  return chains;
}

function readChain(path: string, item: unknown): ConfiguredChain {
  const { chainId } = Object(item) as { readonly chainId?: unknown };
  const [ton, evm] = /^(?:ton|tvm):/.test(String(chainId))
    ? [readAt(path, TonChainInFile, item), null]
    : [null, readAt(path, EvmChainInFile, item)];
  const file = ton ?? evm;
  const id = file.chainId.replace(/^tvm:/, 'ton:');
  const known = knownChains.get(id);
  const needed = <T>(name: string, value: T | undefined): T => {
    if (value === undefined) throw new ChainFault(`${path}.${name} is missing, and not built in`);
    return value;
  };
  const { rpcUrls, mayNameAddresses, timeLimitMs, requestsPerSecond } = file;
  const indexers = ton?.indexers ?? (evm?.indexer ? [evm.indexer] : []);
  const environment = needed('environment', file.environment ?? known?.environment);
  const confirmations = needed('confirmations', evm?.confirmations ?? known?.confirmations);
  const chain: ConfiguredChain = {
    ...{ id, environment, confirmations, mayNameAddresses, timeLimitMs },
    kind: ton ? 'ton' : 'evm',
    reference: Number(id.split(':')[1]),
    name: needed('name', file.name ?? known?.name),
    currency: needed('currency', file.currency ?? known?.currency),
    blockTimeMs: needed('blockTimeMs', evm?.blockTimeMs ?? known?.blockTimeMs),
    genesisHash: evm?.genesisHash ?? known?.genesisHash ?? null,
    nodeCount: rpcUrls.length,
    nodes: rpcUrls.map((url) => ({ url, requestsPerSecond })),
    indexerCount: indexers.length,
    indexers: indexers.map((each) => ({
      ...each,
      requestsPerSecond: each.requestsPerSecond ?? requestsPerSecond,
    })),
    tokens: file.tokens.map((token) => ({
      ...token,
      address: (ton ? readMaster(token.address, environment) : readAddress(token.address)) ?? '',
    })),
    sending: ton ? tonSending(ton) : evmSending(evm, confirmations),
  };
  const fault = faultOf(chain, known);
  if (fault !== undefined) throw new ChainFault(`${path}.${fault}`);
  return chain;
}

function faultOf(chain: ConfiguredChain, known: KnownChain | undefined): string | undefined {
  const { kind, environment, genesisHash, nodes, indexers, tokens, sending } = chain;
  const addresses = tokens.map(({ address }) => address);
  const rules: readonly (readonly [isBroken: boolean, fault: string])[] = [
    [
      environment !== (known?.environment ?? environment),
      `environment is ${known?.environment} for this chain`,
    ],
    [genesisHash !== (known?.genesisHash ?? genesisHash), 'genesisHash is not the one that is known'],
    [hasTwice(nodes.map(hrefOf)), 'rpcUrls must name each node once: two count as independent'],
    [hasTwice(indexers.map(hrefOf)), 'indexers must name each once: two count as independent'],
    [hasTwice(addresses), 'tokens must name each address once'],
    [
      addresses.includes(''),
      `tokens[${addresses.indexOf('')}].address must be one of this network, with its right checksum if it has one`,
    ],
    [
      indexers.length > 0 && !chain.mayNameAddresses,
      `${kind === 'ton' ? 'indexers' : 'indexer'} needs mayNameAddresses: true, since an indexer learns each address that is looked at`,
    ],
    [sending !== null && nodes.length < 2, 'sending needs two rpcUrls of independent nodes: one could lie'],
    [
      sending !== null && kind === 'ton' && indexers.length < 2,
      'sending needs two independent indexers: one could lie',
    ],
  ];
  return rules.find(([isBroken]) => isBroken)?.[1];
}

function tonSending({ sending }: TonChainInFile): TonChainSending | null {
  return sending ? { maxFee: BigInt(sending.maxFee), attached: BigInt(sending.attached) } : null;
}

function evmSending({ sending }: EvmChainInFile, confirmations: number): EvmChainSending | null {
  if (!sending) return null;
  const { maxFee, maxFeePerGas, minTipPerGas, maxGas, depth, isOpStack } = sending;
  return {
    maxFee: BigInt(maxFee),
    maxFeePerGas: BigInt(maxFeePerGas),
    minTipPerGas: BigInt(minTipPerGas),
    maxGas: BigInt(maxGas),
    depth: depth ?? Math.min(confirmations, MAX_DEFAULT_DEPTH),
    isOpStack,
  };
}

function readAddress(text: string): string | null {
  const read = readEvmAddress(text);
  return read.ok ? read.value : null;
}

/** Reads a jetton master. The user-friendly form says which networks it is for. */
function readMaster(text: string, environment: Chain['environment']): string | null {
  const read = readTonAddress(text);
  if (!read.ok || (read.value.isTest ?? environment === 'test') !== (environment === 'test')) return null;
  return read.value.raw;
}

function hrefOf({ url }: Endpoint): string {
  return new URL(url).href;
}

function hasTwice(values: readonly string[]): boolean {
  return new Set(values).size < values.length;
}

function readAt<T extends object>(path: string, type: ClassConstructor<T>, value: unknown): T {
  try {
    return readInput(type, value);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const faults = (error.options.fields ?? []).map(({ path: place, detail }) => {
      const steps = place.split('.').map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`));
      return `${path}${place === '' ? '' : steps.join('')} ${detail}`;
    });
    throw new ChainFault(faults.join('; '));
  }
}

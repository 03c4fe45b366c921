import { readJsonObject } from '@countersign/text';
import { readChainId, readEvmAddress, readTonAddress } from '@countersign/wallet-proofs';
import {
  MAX_DECIMALS,
  type Chain,
  type EvmChainSending,
  type TonChainSending,
  type ListedToken,
  type ConfiguredChain,
  type ConfiguredIndexer,
  type ConfiguredEvmIndexer,
} from '../chain';
import { aBoolean, aNumber, ChainFault, Fields, aChoice, aList, aText, readAt, aUrl } from './chain-fields';
import { knownChains, type KnownChain } from './known-chains';

const DEFAULT_MAX_GAS = 1_000_000;
/** 0.05 coins. */
const DEFAULT_ATTACHED = 50_000_000n;
/** Nodes that keep no archive have the states of the last 128 blocks. */
const MAX_DEFAULT_DEPTH = 64;
const MAX_DEPTH = 100_000;

/** The member `sending` of an EVM chain; null without one. */
function readEvmSending(
  fields: Fields,
  { nodeCount, confirmations }: Pick<Chain, 'nodeCount' | 'confirmations'>,
): EvmChainSending | null {
  return readSending(fields, nodeCount, (caps) => ({
    minTipPerGas: caps.optional('minTipPerGas', anAmount) ?? 0n,
    maxFeePerGas: caps.required('maxFeePerGas', anAmount),
    maxFee: caps.required('maxFee', anAmount),
    maxGas: BigInt(caps.optional('maxGas', aNumber(21_000, 30_000_000)) ?? DEFAULT_MAX_GAS),
    depth: caps.optional('depth', aNumber(0, MAX_DEPTH)) ?? Math.min(confirmations, MAX_DEFAULT_DEPTH),
    isOpStack: caps.optional('isOpStack', aBoolean) ?? false,
  }));
}

/** The member `sending` of TON; null without one. */
function readTonSending(fields: Fields, nodeCount: number, indexerCount: number): TonChainSending | null {
  const sending = readSending(fields, nodeCount, (caps) => ({
    maxFee: caps.required('maxFee', anAmount),
    attached: caps.optional('attached', anAmount) ?? DEFAULT_ATTACHED,
  }));
  if (sending && indexerCount < 2)
    throw new ChainFault(`${fields.at('sending')} needs two independent indexers: one alone could lie`);
  return sending;
}

function readSending<T>(fields: Fields, nodeCount: number, read: (caps: Fields) => T): Readonly<T> | null {
  const path = fields.at('sending');
  const sending = fields.optional('sending', (value) => {
    const caps = Fields.of(path, value);
    const found = read(caps);
    caps.end();
    return Object.freeze(found);
  });
  if (sending && nodeCount < 2)
    throw new ChainFault(`${path} needs two rpcUrls of independent nodes: one node alone could lie`);
  return sending ?? null;
}

function anAmount(value: unknown): bigint {
  if (typeof value !== 'string' || !/^(?:0|[1-9][0-9]{0,77})$/.test(value))
    throw new Error('must be text with a whole number in the smallest unit');
  return BigInt(value);
}

/** What Etherscan and a public Blockscout allow without payment. */
const INDEXER_REQUESTS_PER_SECOND = 3;

const aKey = aText(/^[\x21-\x7e]{1,256}$/, 'a key of 1 to 256 ASCII characters');

function readIndexer(indexer: Fields, perSecond: number): ConfiguredIndexer {
  return {
    url: indexer.required('url', aUrl),
    apiKey: indexer.optional('apiKey', aKey) ?? null,
    requestsPerSecond: indexer.optional('requestsPerSecond', aNumber(1, 10_000)) ?? perSecond,
  };
}

/** An indexer is asked by address, so it is refused where addresses may not be named. */
function readEvmIndexer(fields: Fields, mayNameAddresses: boolean): ConfiguredEvmIndexer | null {
  const path = fields.at('indexer');
  const indexer = fields.optional('indexer', (value): ConfiguredEvmIndexer => {
    const read = Fields.of(path, value);
    const shape = read.required('shape', aChoice('blockscout', 'etherscan'));
    const rest = readIndexer(read, INDEXER_REQUESTS_PER_SECOND);
    read.end();
    return { shape, ...rest };
  });
  if (indexer && !mayNameAddresses)
    throw new ChainFault(
      `${path} needs mayNameAddresses: true, since an indexer learns each address that is looked at`,
    );
  return indexer ?? null;
}

const MAX_CHAINS = 100;
const MAX_URLS = 8;
const MAX_INDEXERS = 2;
const MAX_TOKENS = 10_000;
const DEFAULT_TIME_LIMIT_MS = 10_000;
const DEFAULT_REQUESTS_PER_SECOND = 20;

const aName = aText(/^[a-z0-9][a-z0-9-]{0,63}$/, 'a name of lower-case letters, digits and hyphens');
const aSymbol = aText(/^[\x21-\x7e]{1,16}$/, 'a symbol of 1 to 16 ASCII characters');
const aHash = aText(/^0x[0-9a-f]{64}$/, '0x and 64 lower-case hex digits');
const WHY_NAMED =
  ': say whether the nodes of this chain may learn which addresses are asked for (docs/chains.md)';

/**
 * Reads the text of `CHAINS_FILE`: `{ "chains": [ ... ] }`.
 * @throws ChainFault, a sentence without any value of the file
 */
export function readChains(text: string): readonly ConfiguredChain[] {
  const document = readJsonObject(text);
  if (document === undefined) throw new ChainFault('is no JSON object, or has a name twice in an object');
  const fields = new Fields('the document', document);
  const items = fields.required('chains', aList(MAX_CHAINS));
  fields.end();
  const chains = items.map((item, index) => readChain(`chains[${index}]`, item));
  const ids = chains.map(({ id }) => id);
  const twice = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (twice !== -1) throw new ChainFault(`chains[${twice}].chainId is that of another chain of the list`);
  return chains;
}

function readChain(path: string, value: unknown): ConfiguredChain {
  const fields = Fields.of(path, value);
  const chain = fields.required('chainId', aChainId);
  const known = knownChains.get(chain.id);
  const urls = fields
    .required('rpcUrls', aList(MAX_URLS, 1))
    .map((url, index) => readAt(`${path}.rpcUrls[${index}]`, url, aUrl));
  assertOnce(`${path}.rpcUrls`, 'node', urls);
  const common = {
    id: chain.id,
    reference: Number(chain.id.split(':')[1]),
    rpcUrls: urls,
    nodeCount: urls.length,
    mayNameAddresses: fields.required('mayNameAddresses', aBoolean, WHY_NAMED),
    name: known ? (fields.optional('name', aName) ?? known.name) : fields.required('name', aName),
    environment: readEnvironment(fields, known),
    currency: readCurrency(fields, known),
    timeLimitMs: fields.optional('timeLimitMs', aNumber(100, 120_000)) ?? DEFAULT_TIME_LIMIT_MS,
    requestsPerSecond:
      fields.optional('requestsPerSecond', aNumber(1, 10_000)) ?? DEFAULT_REQUESTS_PER_SECOND,
  };
  const rest = chain.namespace === 'ton' ? ofTon(fields, known, common) : ofEvm(fields, known, common);
  fields.end();
  return Object.freeze({ ...common, ...rest });
}

function ofTon(
  fields: Fields,
  known: KnownChain | undefined,
  {
    environment,
    mayNameAddresses,
    nodeCount,
    requestsPerSecond,
  }: Pick<ConfiguredChain, 'environment' | 'mayNameAddresses' | 'nodeCount' | 'requestsPerSecond'>,
) {
  const indexers = readIndexers(fields, requestsPerSecond);
  if (indexers.length > 0 && !mayNameAddresses)
    throw new ChainFault(`${fields.at('indexers')} needs mayNameAddresses: true`);
  const sending = readTonSending(fields, nodeCount, indexers.length);
  return {
    kind: 'ton',
    genesisHash: known?.genesisHash ?? null,
    confirmations: 0,
    blockTimeMs: known?.blockTimeMs ?? 0,
    indexer: null,
    sending,
    indexers,
    indexerCount: indexers.length,
    tokens: readTokens(fields, aMasterOf(environment === 'test')),
  } as const;
}

function ofEvm(
  fields: Fields,
  known: KnownChain | undefined,
  { mayNameAddresses, nodeCount }: Pick<ConfiguredChain, 'mayNameAddresses' | 'nodeCount'>,
) {
  const genesisHash = fields.optional('genesisHash', aHash) ?? null;
  const knownHash = known?.genesisHash ?? null;
  if (knownHash !== null && genesisHash !== null && genesisHash !== knownHash)
    throw new ChainFault(`${fields.at('genesisHash')} is not the one that is known of this chain`);
  const indexer = readEvmIndexer(fields, mayNameAddresses);
  const aBlockTime = aNumber(100, 600_000);
  const aDepth = aNumber(1, 100_000);
  const blockTimeMs = known
    ? (fields.optional('blockTimeMs', aBlockTime) ?? known.blockTimeMs)
    : fields.required('blockTimeMs', aBlockTime);
  const confirmations = known
    ? (fields.optional('confirmations', aDepth) ?? known.confirmations)
    : fields.required('confirmations', aDepth);
  const sending = readEvmSending(fields, { nodeCount, confirmations });
  return {
    kind: 'evm',
    genesisHash: genesisHash ?? knownHash,
    confirmations,
    blockTimeMs,
    indexer,
    sending,
    indexers: [],
    indexerCount: indexer === null ? 0 : 1,
    tokens: readTokens(fields, anAddress),
  } as const;
}

function readEnvironment(fields: Fields, known: KnownChain | undefined): 'production' | 'test' {
  const read = aChoice('production', 'test');
  if (!known) return fields.required('environment', read);
  const environment = known.isTest ? 'test' : 'production';
  if ((fields.optional('environment', read) ?? environment) !== environment)
    throw new ChainFault(`${fields.at('environment')} is ${environment} for this chain`);
  return environment;
}

function readCurrency(fields: Fields, known: KnownChain | undefined): KnownChain['currency'] {
  const read = (value: unknown): KnownChain['currency'] => {
    const currency = Fields.of(fields.at('currency'), value);
    const symbol = currency.required('symbol', aSymbol);
    const decimals = currency.required('decimals', aNumber(0, MAX_DECIMALS));
    currency.end();
    return { symbol, decimals };
  };
  return known ? (fields.optional('currency', read) ?? known.currency) : fields.required('currency', read);
}

function readIndexers(fields: Fields, perSecond: number): readonly ConfiguredIndexer[] {
  const items = fields.optional('indexers', aList(MAX_INDEXERS)) ?? [];
  const indexers = items.map((item, index) => {
    const indexer = Fields.of(`${fields.at('indexers')}[${index}]`, item);
    const read = readIndexer(indexer, perSecond);
    indexer.end();
    return read;
  });
  assertOnce(
    fields.at('indexers'),
    'indexer',
    indexers.map(({ url }) => url),
  );
  return indexers;
}

function readTokens(fields: Fields, anAddress: (value: unknown) => string): readonly ListedToken[] {
  const items = fields.optional('tokens', aList(MAX_TOKENS)) ?? [];
  const tokens = items.map((item, index) => {
    const token = Fields.of(`${fields.at('tokens')}[${index}]`, item);
    const address = token.required('address', anAddress);
    const symbol = token.required('symbol', aSymbol);
    const decimals = token.required('decimals', aNumber(0, MAX_DECIMALS));
    token.end();
    return { address, symbol, decimals };
  });
  if (new Set(tokens.map(({ address }) => address)).size < tokens.length)
    throw new ChainFault(`${fields.at('tokens')} must name each address once`);
  return tokens;
}

function assertOnce(path: string, what: string, urls: readonly URL[]): void {
  if (new Set(urls.map(({ href }) => href)).size < urls.length)
    throw new ChainFault(`${path} must name each ${what} once: two entries count as independent ${what}s`);
}

function aChainId(value: unknown) {
  const read = typeof value === 'string' ? readChainId(value) : null;
  if (!read?.ok) throw new Error('must be a CAIP-2 id, such as eip155:1, ton:-239 or ton:-3');
  return read.value;
}

function anAddress(value: unknown): string {
  const read = typeof value === 'string' ? readEvmAddress(value) : null;
  if (!read?.ok) throw new Error('must be an address in lower case, or with its right EIP-55 checksum');
  return read.value;
}

/** A jetton master; the user-friendly form says for which networks it is. */
function aMasterOf(isForTests: boolean): (value: unknown) => string {
  return (value) => {
    const read = typeof value === 'string' ? readTonAddress(value) : null;
    if (!read?.ok || (read.value.isTest ?? isForTests) !== isForTests)
      throw new Error('must be an address of TON, raw or user-friendly with its checksum, of this network');
    return read.value.raw;
  };
}

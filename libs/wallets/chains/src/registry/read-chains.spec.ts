import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '@countersign/runtime';
import { showTonAddress } from '@countersign/wallet-proofs';
import { EvmChainInFile, TonChainInFile } from './chain-file';
import { documentedProperties } from '@countersign/http';
import { knownChains } from './known-chains';
import { configuredChains, readChains, type ChainFault } from './read-chains';

const MAINNET = { chainId: 'eip155:1', rpcUrls: ['https://node.example/v3/key'], mayNameAddresses: false };
const OWN = {
  chainId: 'eip155:31337',
  rpcUrls: ['http://127.0.0.1:8545'],
  mayNameAddresses: true,
  name: 'own',
  environment: 'test',
  currency: { symbol: 'ETH', decimals: 18 },
  confirmations: 2,
  blockTimeMs: 1_000,
};

const X = { address: `0x${'1'.repeat(40)}`, symbol: 'X', decimals: 6 };
const WRONG = '0xa0B86991c6218b36c1d19D4a2e9Eb0cE3606eB48';

function faultOf(text: string): string {
  try {
    readChains(text);
  } catch (error) {
    return (error as ChainFault).fault;
  }
  throw new Error('it was accepted');
}

function documentOf(...chains: unknown[]): string {
  return JSON.stringify({ chains });
}

it('names no chain in deploy/no-chains.json, the default of docker-compose.yml', () => {
  const path = join(__dirname, '../../../../../deploy/no-chains.json');

  expect(readChains(readFileSync(path, 'utf8'))).toEqual([]);
});

it.each(['CHAINS', 'CHAINS_FILE'])('names the variable with the fault: %s', (source) => {
  const chains = { source, text: documentOf({ ...MAINNET, unknown: 1 }) };

  expect(() => configuredChains({ chains } as Configuration)).toThrow(
    `  - ${source} is not valid: chains[0].unknown is not known.`,
  );
});

describe('docs/chains.md', () => {
  const page = readFileSync(join(__dirname, '../../../../../docs/chains.md'), 'utf8');

  it('has examples that are read', () => {
    const examples = [...page.matchAll(/```json\n(\{\n {2}"chains"[^]+?)```|CHAINS='(.+)'/g)];

    expect(examples.map(([, file, line]) => readChains(file ?? line ?? '').map(({ id }) => id))).toEqual([
      ['eip155:1', 'eip155:8453', 'ton:-239'],
      ['eip155:31337'],
      ['ton:-239'],
    ]);
  });

  it.each([EvmChainInFile, TonChainInFile])('lists each member of %p', (type) => {
    const names = documentedProperties(type) ?? [];

    expect(names).toContain('mayNameAddresses');
    expect(names.filter((name) => !page.includes(`\n- \`${name}\` (`))).toEqual([]);
  });
});

describe('the file of chains', () => {
  it('needs three members of a chain that is known', () => {
    const [chain] = readChains(documentOf(MAINNET));

    expect(chain).toMatchObject({
      id: 'eip155:1',
      kind: 'evm',
      reference: 1,
      name: 'ethereum',
      environment: 'production',
      genesisHash: '0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3',
      currency: { symbol: 'ETH', decimals: 18 },
      confirmations: 65,
      nodeCount: 1,
      mayNameAddresses: false,
      tokens: [],
      timeLimitMs: 10_000,
      nodes: [{ requestsPerSecond: 20 }],
    });
  });

  it('lets wallets send where it says so, with caps and two nodes', () => {
    const rpcUrls = ['https://one.example/', 'https://two.example/'];
    const sending = { maxFeePerGas: '300000000000', maxFee: '20000000000000000' };
    const of = (more: object) => documentOf({ ...MAINNET, rpcUrls, ...more });

    expect(readChains(of({}))[0]?.sending).toBeNull();
    expect(readChains(of({ sending }))[0]?.sending).toEqual({
      minTipPerGas: 0n,
      maxFeePerGas: 300_000_000_000n,
      maxFee: 20_000_000_000_000_000n,
      maxGas: 1_000_000n,
      isOpStack: false,
      depth: 64,
    });
    const onOpStack = of({ sending: { ...sending, isOpStack: true } });
    expect(readChains(onOpStack)[0]?.sending).toMatchObject({ isOpStack: true });
    expect(faultOf(of({ sending: { ...sending, isOpStack: 'yes' } }))).toMatch(/isOpStack must be a boolean/);
    expect(readChains(of({ sending: { ...sending, depth: 0 } }))[0]?.sending).toMatchObject({ depth: 0 });
    expect(readChains(of({ sending, confirmations: 12 }))[0]?.sending).toMatchObject({ depth: 12 });
    expect(faultOf(documentOf({ ...MAINNET, sending }))).toMatch(/sending needs two rpcUrls/);
    expect(faultOf(of({ sending: { maxFee: '1' } }))).toMatch(/maxFeePerGas must be text/);
    expect(faultOf(of({ sending: { ...sending, maxFee: 1 } }))).toMatch(/maxFee must be a string/);
    expect(faultOf(of({ sending: { ...sending, other: '1' } }))).toMatch(/sending.other is not known/);
  });

  it('lets wallets send on TON with two endpoints and two indexers', () => {
    const [one, other] = ['https://one.example/', 'https://two.example/'];
    const of = (more: object) =>
      documentOf({
        ...{ chainId: 'ton:-239', mayNameAddresses: true, rpcUrls: [one, other] },
        ...{ indexers: [{ url: one }, { url: other }], sending: { maxFee: '20000000' }, ...more },
      });

    expect(readChains(of({}))[0]?.sending).toEqual({ maxFee: 20_000_000n, attached: 50_000_000n });
    expect(readChains(of({ sending: { maxFee: '1', attached: '2' } }))[0]?.sending).toMatchObject({
      attached: 2n,
    });
    expect(faultOf(of({ rpcUrls: [one] }))).toMatch(/sending needs two rpcUrls/);
    expect(faultOf(of({ indexers: [{ url: one }] }))).toMatch(/sending needs two independent indexers/);
    expect(faultOf(of({ sending: { maxFee: '1', maxGas: 100_000 } }))).toMatch(/not known/);
  });

  it('may say more of it, and all of one that is not known', () => {
    const token = { address: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', symbol: 'USDC', decimals: 6 };
    const more = { name: 'main', confirmations: 10, tokens: [token] };

    const [mainnet, own] = readChains(documentOf({ ...MAINNET, ...more }, OWN));

    expect(mainnet).toMatchObject({
      ...more,
      tokens: [{ ...token, address: '0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48' }],
    });
    expect(own).toMatchObject({ id: 'eip155:31337', environment: 'test', genesisHash: null });
  });

  it('names an indexer of a chain whose nodes may learn addresses', () => {
    const indexer = { url: 'https://blockscout.example/api', shape: 'blockscout' };
    const named = { ...MAINNET, mayNameAddresses: true, indexer };

    expect(readChains(documentOf(named))).toMatchObject([
      { indexerCount: 1, indexers: [{ ...indexer, requestsPerSecond: 3 }] },
    ]);
    expect(faultOf(documentOf({ ...named, mayNameAddresses: false }))).toBe(
      'chains[0].indexer needs mayNameAddresses: true, since an indexer learns each address that is looked at',
    );
  });

  it.each<[object, RegExp]>([
    [{ url: undefined }, /indexer\.url must be an https:/],
    [{ url: 'http://indexer.example/' }, /indexer\.url must be an https:/],
    [{ shape: 'subgraph' }, /indexer\.shape must be one of the following values: blockscout, etherscan/],
    [{ apiKey: 'with space' }, /indexer\.apiKey must be a key/],
    [{ requestsPerSecond: 0 }, /indexer\.requestsPerSecond must not be less than 1/],
    [{ key: 'x' }, /indexer\.key is not known/],
  ])('refuses an indexer with %j', (change, fault) => {
    const indexer = { url: 'https://indexer.example/api', shape: 'etherscan', apiKey: 'k', ...change };
    const text = documentOf({ ...MAINNET, mayNameAddresses: true, indexer });

    expect(faultOf(text)).toMatch(fault);
    expect(faultOf(text)).not.toMatch(/indexer\.example|with space|subgraph/);
  });

  it('reads both names of TON as one', () => {
    const ton = { rpcUrls: ['https://ton.example/api/v2/jsonRPC'], mayNameAddresses: true };

    const chains = readChains(documentOf({ ...ton, chainId: 'tvm:-239' }, { ...ton, chainId: 'ton:-3' }));

    expect(chains).toMatchObject([
      { id: 'ton:-239', kind: 'ton', reference: -239, environment: 'production' },
      { id: 'ton:-3', kind: 'ton', environment: 'test', currency: { symbol: 'GRAM', decimals: 9 } },
    ]);
    expect(chains[0]?.genesisHash).toMatch(/^0x17a3a9/);
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '{', /^must be a JSON object/],
    ['a list', '[]', /^must be a JSON object/],
    ['a name twice', '{"chains":[],"chains":[]}', /no name twice in an object/],
    ['no list', '{}', /`chains`, a list of at most 100/],
    ['more than the list', '{"chains":[],"x":1}', /nothing but `chains`/],
    ['a text as chain', documentOf('eip155:1'), /^chains\[0\] must be a JSON object/],
    ['too many', documentOf(...Array.from({ length: 101 }, () => MAINNET)), /a list of at most 100/],
  ])('is refused with %s', (_, text, fault) => {
    expect(faultOf(text)).toMatch(fault);
  });

  it.each<[string, object, RegExp]>([
    ['no mayNameAddresses', { mayNameAddresses: undefined }, /mayNameAddresses must be a boolean/],
    ['a text as mayNameAddresses', { mayNameAddresses: 'yes' }, /mayNameAddresses must be a boolean/],
    ['no chain id', { chainId: undefined }, /chainId must be a CAIP-2 id/],
    ['a number as chain id', { chainId: 1 }, /chainId must be a CAIP-2 id/],
    ['a chain id with a zero before it', { chainId: 'eip155:01' }, /chainId must be a CAIP-2 id/],
    ['no URLs', { rpcUrls: [] }, /rpcUrls must contain at least 1 elements/],
    ['http:// on the internet', { rpcUrls: ['http://node.example/'] }, /rpcUrls must be an https:/],
    ['http:// to a public address', { rpcUrls: ['http://192.0.2.1/'] }, /rpcUrls must be an https:/],
    ['a websocket', { rpcUrls: ['wss://node.example/'] }, /rpcUrls must be an https:/],
    ['a fragment', { rpcUrls: ['https://node.example/#x'] }, /rpcUrls must be an https:/],
    ['no URL', { rpcUrls: [1] }, /rpcUrls must be an https:/],
    ['a node twice', { rpcUrls: ['https://a.example', 'https://a.example/'] }, /must name each node once/],
    ['a member that is not known', { mayNameAdresses: true }, /mayNameAdresses is not known/],
    ['another environment', { environment: 'test' }, /environment is production for this chain/],
    ['another genesis block', { genesisHash: `0x${'1'.repeat(64)}` }, /genesisHash is not the one/],
    ['half a genesis block', { genesisHash: '0x12' }, /genesisHash must be 0x and 64/],
    ['no confirmations', { confirmations: 0 }, /confirmations must not be less than 1/],
    ['a fraction of a millisecond', { blockTimeMs: 100.5 }, /blockTimeMs must be an integer/],
    ['a name with a line break', { name: 'a\nb' }, /name must not have control characters/],
    ['a currency without decimals', { currency: { symbol: 'ETH' } }, /currency\.decimals must be an integer/],
    [
      'a currency that is a text',
      { currency: 'ETH' },
      /currency nested property currency must be either object/,
    ],
    [
      'a token without a symbol',
      { tokens: [{ ...X, symbol: undefined }] },
      /tokens\[0\]\.symbol must be a symbol/,
    ],
    [
      'a token with a wrong checksum',
      { tokens: [{ ...X, address: WRONG }] },
      /tokens\[0\]\.address must be one of this network, with its right checksum/,
    ],
    ['a token twice', { tokens: [X, X] }, /tokens must name each address once/],
  ])('refuses a chain with %s', (_, change, fault) => {
    const text = documentOf({ ...MAINNET, ...change });

    expect(faultOf(text)).toMatch(fault);
    expect(faultOf(text)).not.toMatch(/node\.example|v3|wss|192\.0/);
  });

  it.each(['name', 'environment', 'currency', 'confirmations', 'blockTimeMs'])(
    'needs the %s of a chain that is not known',
    (name) => {
      expect(faultOf(documentOf({ ...OWN, [name]: undefined }))).toContain(`chains[0].${name} is missing`);
    },
  );

  it.each([
    { confirmations: 3 },
    { blockTimeMs: 1_000 },
    { genesisHash: null },
    { sending: { maxFeePerGas: '1', maxFee: '1' } },
  ])('takes nothing of EVM chains for TON: %j', (more) => {
    const ton = { chainId: 'ton:-239', rpcUrls: ['https://ton.example/'], mayNameAddresses: true };

    expect(faultOf(documentOf({ ...ton, ...more }))).toContain('is not known');
  });

  describe('of TON', () => {
    const TON = { chainId: 'ton:-239', rpcUrls: ['https://ton.example/'], mayNameAddresses: true };
    const raw = `0:${'b1'.repeat(32)}`;
    const friendly = (isTest: boolean) => showTonAddress(raw, { isTest });
    const token = (address: string) => ({ tokens: [{ address, symbol: 'USDT', decimals: 6 }] });
    const url = 'https://toncenter.example/api/v3';
    const withPercent = 'https://reader:100%@toncenter.example/';

    it('names indexers and masters of jettons', () => {
      const indexers = [
        { url, apiKey: 'k', requestsPerSecond: 9 },
        { url: 'http://indexer.internal/api/v3' },
      ];

      const [chain] = readChains(documentOf({ ...TON, indexers, ...token(friendly(false)) }));

      expect(chain?.indexers).toEqual([
        { url, apiKey: 'k', requestsPerSecond: 9 },
        { url: 'http://indexer.internal/api/v3', requestsPerSecond: 20 },
      ]);
      expect(chain).toMatchObject({
        indexerCount: 2,
        tokens: [{ address: raw, symbol: 'USDT', decimals: 6 }],
      });
      expect(readChains(documentOf({ ...TON, ...token(raw) }))[0]?.tokens[0]?.address).toBe(raw);
    });

    it.each<[string, object, RegExp]>([
      ['indexers that may learn nothing', { mayNameAddresses: false, indexers: [{ url }] }, /indexers needs/],
      ['an indexer twice', { indexers: [{ url }, { url }] }, /indexers must name each once/],
      ['three', { indexers: [{ url }, { url }, { url }] }, /indexers must contain no more than 2 elements/],
      ['a password with a %', { indexers: [{ url: withPercent }] }, /a % of a password is written %25$/],
      ['no URL', { indexers: [{ url: 'x' }] }, /indexers\[0\]\.url must be an https:/],
      ['a key with a line break', { indexers: [{ url, apiKey: 'a\nb' }] }, /indexers\[0\]\.apiKey must not/],
      ['an EVM address', token(`0x${'1'.repeat(40)}`), /tokens\[0\]\.address must be one of this network/],
      ['an address of test networks', token(friendly(true)), /of this network/],
    ])('refuses %s', (_, change, fault) => {
      const text = documentOf({ ...TON, ...change });

      expect(faultOf(text)).toMatch(fault);
      expect(faultOf(text)).not.toContain('toncenter.example');
    });
  });

  it('names each chain once', () => {
    expect(faultOf(documentOf(MAINNET, OWN, MAINNET))).toBe(
      'chains[2].chainId is that of another chain of the list',
    );
  });

  it.each([
    'http://localhost:8545',
    'http://geth:8545',
    'http://geth.nodes.svc/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://[::1]:8545/',
    'http://[fd00::1]/',
    'https://reader:word@node.example/?key=1',
    'https://reader:100%25@node.example/',
  ])('takes the URL %s', (url) => {
    expect(readChains(documentOf({ ...MAINNET, rpcUrls: [url] }))).toHaveLength(1);
  });
});

describe('the chains that are known', () => {
  it('have ids of CAIP-2, hashes of 32 bytes, and test networks that are marked', () => {
    for (const [id, { genesisHash, confirmations, environment, name }] of knownChains) {
      expect(id).toMatch(/^(?:eip155:[1-9]\d*|ton:-(?:239|3))$/);
      if (genesisHash !== null) expect(genesisHash).toMatch(/^0x[0-9a-f]{64}$/);
      expect({ name, hasConfirmations: confirmations > 0, environment }).toEqual({
        name,
        hasConfirmations: id.startsWith('eip155:'),
        environment: /testnet|sepolia|holesky|odyssey|aeneid/.test(name) ? 'test' : 'production',
      });
    }
  });
});

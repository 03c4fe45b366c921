import { readRules } from '@countersign/custody-rules';
import { developmentRules } from './custody-rules';

describe('rules for development', () => {
  it('are for the chains that are configured, and for this machine', () => {
    const tokens = [{ address: `0:${'34'.repeat(32)}`, symbol: 'TEA', decimals: 6 }];
    const chains = JSON.stringify({
      chains: [
        {
          chainId: 'eip155:31337',
          name: 'anvil',
          currency: { symbol: 'ETH' },
          rpcUrls: ['http://a/', 'http://b/'],
        },
        { chainId: 'ton:-3', tokens },
      ],
    });
    const rules = developmentRules(
      { CHAINS: chains, PUBLIC_URL: 'https://id.example.com' },
      { host: '0.0.0.0', port: 3000 },
      { id: '7000000002', publicKey: 'ab'.repeat(32) },
    );

    expect(JSON.parse(rules)).toMatchObject({
      chains: [{ chain: 'eip155:31337', rpcUrls: ['http://a/', 'http://b/'] }],
      assets: [
        { chain: 'eip155:31337', token: null, name: 'ETH' },
        { chain: 'eip155:31337', token: '*', kind: 'token' },
        { chain: 'eip155:31337', token: '*', kind: 'collectible' },
        { chain: 'ton:-3', token: null },
        { chain: 'ton:-3', token: tokens[0]?.address, name: 'TEA', decimals: 6, jetton: { kind: 'tep74' } },
        { chain: 'ton:-3', token: '*', kind: 'collectible' },
      ],
      networks: { 'eip155:31337': 'anvil' },
      consentBots: [{ environment: 'production', id: '7000000002' }],
      domains: ['127.0.0.1:3000', 'localhost:3000', 'id.example.com'],
    });
    expect(() => readRules(rules)).toThrow('--development');
    expect(readRules(rules, true).assets).toHaveLength(6);
  });

  it.each([{}, { CHAINS: 'no JSON' }, { CHAINS: '{"chains":1}' }, { CHAINS_FILE: '/nowhere' }])(
    'let nothing be signed away without chains: %j',
    (environment) => {
      const rules = developmentRules(environment, { host: '127.0.0.1', port: 3000 }, null);

      expect(JSON.parse(rules)).toMatchObject({ assets: [] });
    },
  );
});

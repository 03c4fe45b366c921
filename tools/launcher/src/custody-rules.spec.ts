import { developmentRules } from './custody-rules';

describe('rules for development', () => {
  it('are for the chains that are configured, and for this machine', () => {
    const chains = JSON.stringify({ chains: [{ chainId: 'eip155:31337' }] });
    const rules = developmentRules(
      { CHAINS: chains, PUBLIC_URL: 'https://id.example.com' },
      { host: '0.0.0.0', port: 3000 },
      { id: '7000000002', publicKey: 'ab'.repeat(32) },
    );

    expect(JSON.parse(rules)).toMatchObject({
      assets: [
        { chain: 'eip155:31337', token: null },
        { chain: 'eip155:31337', token: '*' },
      ],
      consentBots: [{ environment: 'production', id: '7000000002' }],
      domains: ['127.0.0.1:3000', 'localhost:3000', 'id.example.com'],
    });
  });

  it.each([{}, { CHAINS: 'no JSON' }, { CHAINS: '{"chains":1}' }, { CHAINS_FILE: '/nowhere' }])(
    'let nothing be signed away without chains: %j',
    (environment) => {
      const rules = developmentRules(environment, { host: '127.0.0.1', port: 3000 }, null);

      expect(JSON.parse(rules)).toMatchObject({ assets: [] });
    },
  );
});

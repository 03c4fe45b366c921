import { limitsInWords } from './limits-in-words';
import type { SendLimits } from './send-limits';
import { HOUR_MS } from './spending';

const open: SendLimits = { chains: null, assets: null, recipients: null, firstSendDelayMs: 0 };

describe('limits in words', () => {
  it('say that nothing is limited', () => {
    expect(limitsInWords(open)).toEqual([
      'It can send on every chain.',
      'It can send any amount of every asset.',
      'It can send to every address.',
      'The first send to an address has no delay, unless the application sets one.',
    ]);
  });

  it('say that nothing is allowed', () => {
    expect(limitsInWords({ ...open, chains: [], assets: [], recipients: [] }).slice(0, 3)).toEqual([
      'It can send on no chain.',
      'It can send only the following assets. Amounts are in the smallest unit.',
      'It can send to no address.',
    ]);
  });

  it('name each asset, chain and recipient', () => {
    const chain = 'eip155:1';
    const coin = { chain, token: null, perAct: 5n * 10n ** 17n, perDay: null, launchAbove: 4n };
    const ton = { chain: 'ton:-239', token: null, perAct: null, perDay: 10n ** 9n, launchAbove: null };
    const token = { chain, token: '0xa0', perAct: null, perDay: 9n, launchAbove: null };
    expect(
      limitsInWords({
        chains: [chain, 'eip155:10'],
        assets: [coin, ton, token],
        recipients: ['0x1', '0x2'],
        firstSendDelayMs: 24 * HOUR_MS,
      }),
    ).toEqual([
      'It can send on eip155:1, eip155:10.',
      'It can send only the following assets. Amounts are in the smallest unit.',
      'The coin on eip155:1: at most 500000000000000000 (0.5 coins) in one send, any amount in 24 hours, with an extra confirmation above 4 (0.000000000000000004 coins).',
      'The coin on ton:-239: any amount in one send, at most 1000000000 (1 coins) in 24 hours, never with an extra confirmation.',
      '0xa0 on eip155:1: any amount in one send, at most 9 in 24 hours, never with an extra confirmation.',
      'It can send to 0x1, 0x2.',
      'The first send to an address waits 24 hours.',
    ]);
  });

  it('name one hour', () => {
    const limits = { chains: null, assets: null, recipients: null, firstSendDelayMs: HOUR_MS };
    expect(limitsInWords(limits)).toContain('The first send to an address waits an hour.');
  });
});

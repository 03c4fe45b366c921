import { limitsInWords } from './limits-in-words';
import type { SendLimits } from './send-limits';
import { HOUR_MS } from './spending';

const open: SendLimits = { chains: null, assets: null, recipients: null, firstSendDelayMs: 0 };

describe('limits in words', () => {
  it('say that nothing is limited', () => {
    expect(limitsInWords(open)).toEqual([
      'It sends on every chain.',
      'It sends any amount of everything.',
      'It sends to every address.',
      'It sends to a new address without a delay, unless the application asks for one.',
    ]);
  });

  it('say that nothing is allowed', () => {
    expect(limitsInWords({ ...open, chains: [], assets: [], recipients: [] }).slice(0, 3)).toEqual([
      'It sends on no chain.',
      'It sends only what follows, in the smallest unit.',
      'It sends to nobody.',
    ]);
  });

  it('name each asset, chain and recipient', () => {
    const chain = 'eip155:1';
    const coin = { chain, token: null, perAct: 5n, perDay: null, launchAbove: 4n };
    const token = { chain, token: '0xa0', perAct: null, perDay: 9n, launchAbove: null };
    expect(
      limitsInWords({
        chains: [chain, 'eip155:10'],
        assets: [coin, token],
        recipients: ['0x1', '0x2'],
        firstSendDelayMs: 24 * HOUR_MS,
      }),
    ).toEqual([
      'It sends on eip155:1, eip155:10.',
      'It sends only what follows, in the smallest unit.',
      'Of the coin on eip155:1: at most 5 in one send, any in 24 hours, more than 4 waits for a launch.',
      'Of 0xa0 on eip155:1: any amount in one send, at most 9 in 24 hours, none waits for a launch.',
      'It sends to 0x1, 0x2.',
      'The first send to an address waits 24 hours.',
    ]);
  });

  it('name one hour', () => {
    const limits = { chains: null, assets: null, recipients: null, firstSendDelayMs: HOUR_MS };
    expect(limitsInWords(limits)).toContain('The first send to an address waits an hour.');
  });
});

import { coinsLeft, decideGas, type GasDecision, type GasFacts } from './decide-gas';

const caps = { perSend: 10n, perWalletPerDay: 15n };
const nothing = { margin: 0n, added: 0n, reserved: 0n, isComing: false, reserve: 0n, fee: 0n };
const facts: GasFacts = { kind: 'token', left: -4n, lacking: 4n, ...nothing, caps };
const lacks = (amount: bigint): GasDecision => ({ outcome: 'lacks', amount });
const refused = (code: Extract<GasDecision, { outcome: 'refused' }>['code']): GasDecision => ({
  outcome: 'refused',
  code,
});
const covered: GasDecision = { outcome: 'covered' };

describe('decideGas', () => {
  it.each<readonly [string, Partial<GasFacts>, GasDecision]>([
    ['adds what is missing', {}, lacks(4n)],
    ['adds what the fee may rise', { margin: 3n }, lacks(7n)],
    ['adds what it costs to receive it', { reserve: 2n }, lacks(6n)],
    ['adds nothing where only that is missing', { left: 0n, lacking: 0n, reserve: 2n }, covered],
    ['adds nothing where there is enough', { left: 0n, lacking: 0n }, covered],
    ['adds exactly the most for a send', { lacking: 10n }, lacks(10n)],
    ['adds no more than that', { lacking: 10n, margin: 1n }, refused('send.gas_not_paid')],
    ['adds exactly the most for a day', { reserved: 11n }, lacks(4n)],
    ['adds no more than that in a day', { reserved: 12n }, refused('send.gas_not_paid')],
    ['adds exactly the most for a day with the fee', { reserved: 1n, fee: 10n }, lacks(4n)],
    ['counts the fee', { lacking: 1n, reserved: 1n, fee: 14n }, refused('send.gas_not_paid')],
    ['adds it beside what was added before', { added: 12n }, lacks(4n)],
    ['adds nothing where it is off', { caps: null }, refused('send.funds_too_low')],
    ['adds nothing where one node says that there is enough', { lacking: 0n }, refused('send.funds_too_low')],
    ['adds nothing while coins come', { isComing: true }, refused('send.too_many_open')],
    ['nor where a node has them', { isComing: true, lacking: 0n }, refused('send.too_many_open')],
    ['nor where it is off', { isComing: true, caps: null }, refused('send.too_many_open')],
    ['takes what is there while coins come', { isComing: true, left: 0n }, covered],
    [
      'has no coins for a call while they come',
      { isComing: true, kind: 'call' },
      refused('send.funds_too_low'),
    ],
    ['adds for a jetton', { kind: 'jetton' }, lacks(4n)],
    ['adds for a collectible', { kind: 'collectible' }, lacks(4n)],
    ['adds nothing for a coin', { kind: 'coin' }, refused('send.funds_too_low')],
    ['adds nothing for a call', { kind: 'call' }, refused('send.funds_too_low')],
    [
      'keeps what was added from a coin',
      { kind: 'coin', left: 4n, added: 5n },
      refused('send.funds_too_low'),
    ],
    ['lets other coins leave', { kind: 'coin', left: 5n, added: 5n }, covered],
    ['lets what was added pay for a token', { left: 0n, added: 5n }, covered],
  ])('%s', (_title, more, decision) => {
    expect(decideGas({ ...facts, ...more })).toEqual(decision);
  });
});

describe('coinsLeft', () => {
  it.each([
    [
      'the less of two',
      [
        [5n, 5n],
        [3n, 3n],
      ],
      { left: 3n, lacking: 0n },
    ],
    [
      'the second of three',
      [
        [9n, 9n],
        [5n, 5n],
        [-7n, -7n],
      ],
      { left: 5n, lacking: 0n },
    ],
    [
      'without what is too new',
      [
        [5n, -2n],
        [5n, -2n],
      ],
      { left: -2n, lacking: 0n },
    ],
    [
      'as much as all nodes miss',
      [
        [-5n, -6n],
        [-3n, -9n],
      ],
      { left: -9n, lacking: 3n },
    ],
  ] as const)('is %s', (_title, said, expected) => {
    expect(coinsLeft(said.map(([latest, deep]) => ({ latest, deep })))).toEqual(expected);
  });
});

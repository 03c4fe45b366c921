import { decideTonSend, type TonLookUp, type TonVerdict, type TonWalletAnswer } from './verdict';

const send = { seqno: 7, validUntil: 1_000 };
const [BEFORE, AT, PAST] = [999, 1_000, 1_030] as const;
const state = (seqno: number | null, shardTime: number): TonWalletAnswer => ({ seqno, shardTime });
const has = (transaction: string): TonLookUp => ({ transaction, indexedTime: PAST });
const hasNot = (indexedTime: number): TonLookUp => ({ transaction: null, indexedTime });
const unused = [state(7, PAST), state(7, PAST)];
const used = [state(8, PAST), state(8, PAST)];
const both = [has('a'), has('a')];
const neither = [hasNot(PAST), hasNot(PAST)];

describe('a transfer of TON', () => {
  it.each<[string, readonly TonWalletAnswer[], readonly TonLookUp[], TonVerdict]>([
    ['both indexers have it', [], both, 'mined'],
    ['both have it, while endpoints are behind', [state(7, BEFORE), state(7, BEFORE)], both, 'mined'],
    ['one indexer has it', used, [has('a')], 'waiting'],
    ['one indexer has it, and the other one has not', used, [has('a'), hasNot(PAST)], 'waiting'],
    ['indexers have two transactions of it', used, [has('a'), has('b')], 'waiting'],

    ['its time is over at both, unused', unused, [], 'not-sent'],
    ['its time is over at three, unused', [...unused, state(7, PAST)], [hasNot(BEFORE)], 'not-sent'],
    ['it was never taken', [state(7, PAST), state(7, PAST + 1)], neither, 'not-sent'],
    ['its time is over at one alone', [state(7, PAST), state(7, BEFORE)], [], 'waiting'],
    ['its time is just over', [state(7, AT), state(7, AT)], [], 'waiting'],
    ['its time is over by less than the margin', [state(7, PAST), state(7, PAST - 1)], [], 'waiting'],
    ['its time is not over', [state(7, BEFORE), state(7, BEFORE)], [], 'waiting'],
    ['one endpoint is asked', [state(7, PAST)], [], 'waiting'],
    ['no endpoint answers', [], [], 'waiting'],
    ['one endpoint says that the time is over', [state(7, 4_000_000_000), state(7, BEFORE)], [], 'waiting'],
    ['one endpoint says that it is unused', [state(7, PAST), state(8, PAST)], neither, 'waiting'],
    ['one endpoint of three says that it is used', [...unused, state(8, PAST)], [], 'waiting'],
    ['one endpoint does not know the seqno', [state(7, PAST), state(null, PAST)], [], 'waiting'],
    ['both endpoints are behind an earlier transfer', [state(6, PAST), state(6, PAST)], [], 'waiting'],
    ['endpoints call it unused, and one indexer has it', unused, [has('a'), hasNot(PAST)], 'waiting'],

    ['another one has its seqno', used, neither, 'replaced'],
    ['several others came since', [state(9, PAST), state(12, PAST)], neither, 'replaced'],
    ['another one has its seqno, by endpoints alone', used, [], 'waiting'],
    ['another one has its seqno, by one indexer', used, [hasNot(PAST)], 'waiting'],
    ['its seqno is used, and an indexer is behind', used, [hasNot(PAST), hasNot(AT)], 'waiting'],
    ['its seqno is used before its time', [state(8, BEFORE), state(8, BEFORE)], neither, 'waiting'],
  ])('when %s', (_, states, lookUps, verdict) => {
    expect(decideTonSend(send, states, lookUps)).toBe(verdict);
  });

  it('is decided by no answer of a single liar, whatever it says', () => {
    const lies = [BEFORE, AT, PAST, 4_000_000_000].flatMap((time) =>
      [0, 6, 7, 8, null].map((seqno) => state(seqno, time)),
    );
    const ofIndexers = [has('x'), hasNot(0), hasNot(PAST), hasNot(4_000_000_000)];
    // It is waiting still: the honest ones have it neither mined nor over.
    const verdicts = lies.flatMap((lie) =>
      ofIndexers.map((other) => decideTonSend(send, [state(7, BEFORE), lie], [hasNot(BEFORE), other])),
    );

    expect(new Set(verdicts)).toEqual(new Set(['waiting']));
  });
});

import * as fc from 'fast-check';
import { tries } from '@countersign/text/testing';
import {
  readFeeHistory,
  feesFrom,
  greatestFee,
  replacementFees,
  gasLimitFrom,
  type FeeCaps,
  type Fees,
  type NodeFees,
} from './fees';

const GWEI = 10n ** 9n;
const GAS = 21_000n;
const caps: FeeCaps = { minTipPerGas: 0n, maxFeePerGas: 500n * GWEI, maxFee: 10n ** 18n, maxGas: 3_000_000n };
const node = (nextBaseFee: bigint, ...tips: readonly bigint[]): NodeFees => ({
  hasBaseFee: true,
  history: { nextBaseFee: nextBaseFee * GWEI, tips: tips.map((tip) => tip * GWEI) },
});
const legacy = (gasPrice: bigint): NodeFees => ({ hasBaseFee: false, gasPrice: gasPrice * GWEI });
const dynamic = (fee: bigint, tip: bigint): Fees => ({
  maxFeePerGas: fee * GWEI,
  maxPriorityFeePerGas: tip * GWEI,
});
const HUGE = 2n ** 200n;
const FREE = dynamic(0n, 0n);

describe('the fees of a transaction', () => {
  it.each<readonly [string, readonly NodeFees[], Fees]>([
    ['twice the base fee and the median tip', [node(30n, 1n, 9n, 2n), node(30n, 2n)], dynamic(62n, 2n)],
    ['the lower of two that disagree', [node(30n, 2n), node(34n, 5n)], dynamic(62n, 2n)],
    ['those of the honest node beside a huge lie', [node(HUGE, HUGE), node(30n, 2n)], dynamic(62n, 2n)],
    ['the middle of three', [node(0n, 0n), node(30n, 2n), node(HUGE, HUGE)], dynamic(62n, 2n)],
    ['no tip after empty blocks', [node(30n), node(30n)], dynamic(60n, 0n)],
    ['no base fee where it is 0', [node(0n, 3n), node(0n, 3n)], dynamic(3n, 3n)],
    ['a gas price without base fees', [legacy(5n), legacy(7n)], { gasPrice: 5n * GWEI }],
    ['what two of three say', [legacy(1n), node(30n, 2n), node(30n, 2n)], dynamic(62n, 2n)],
  ])('are %s', (_, nodes, fees) => {
    expect(feesFrom(nodes, GAS, caps)).toEqual({ ok: true, value: fees });
  });

  it.each<readonly [string, readonly NodeFees[]]>([
    ['no node', []],
    ['one node', [node(30n, 2n)]],
    ['nodes of which one has no base fees', [node(30n, 2n), legacy(5n)]],
    ['nodes of which half have no base fees', [node(30n), node(30n), legacy(5n), legacy(5n)]],
  ])('are not known from %s', (_, nodes) => {
    expect(feesFrom(nodes, GAS, caps)).toEqual({ ok: false, code: 'send.fees_unknown' });
  });

  it('are at least the floor of the chain', () => {
    const floor = { ...caps, minTipPerGas: 25n * GWEI };

    expect(feesFrom([node(30n, 2n), node(30n, 2n)], GAS, floor)).toMatchObject({ value: dynamic(85n, 25n) });
    expect(feesFrom([legacy(0n), legacy(90n)], GAS, floor)).toMatchObject({
      value: { gasPrice: 25n * GWEI },
    });
  });

  it('are never above the cap of the chain or of the act', () => {
    const nodes = [node(30n, 40n), node(30n, 40n)];
    const ofChain = { ...caps, maxFeePerGas: 35n * GWEI };
    const ofAct = { ...caps, maxFee: 35n * GWEI * GAS + 1n };
    const refused = { ok: false, code: 'send.fee_above_cap' };

    expect(feesFrom(nodes, GAS, ofChain)).toMatchObject({ value: dynamic(35n, 35n) });
    expect(feesFrom(nodes, GAS, ofAct)).toMatchObject({ value: dynamic(35n, 35n) });
    expect(feesFrom(nodes, GAS, { ...caps, maxFeePerGas: 30n * GWEI })).toMatchObject({
      value: dynamic(30n, 30n),
    });
    expect(feesFrom(nodes, GAS, { ...caps, maxFeePerGas: 30n * GWEI - 1n })).toEqual(refused);
    expect(feesFrom([legacy(35n), legacy(35n)], GAS, ofChain)).toMatchObject({ ok: true });
    expect(feesFrom([legacy(36n), legacy(36n)], GAS, ofChain)).toEqual(refused);
    expect(() => feesFrom(nodes, 0n, caps)).toThrow(RangeError);
  });

  it('stay within the caps for all answers of two nodes', () => {
    const amount = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    const aNode: fc.Arbitrary<NodeFees> = fc.oneof(
      fc.record({
        hasBaseFee: fc.constant(true as const),
        history: fc.record({ nextBaseFee: amount, tips: fc.array(amount, { maxLength: 5 }) }),
      }),
      fc.record({ hasBaseFee: fc.constant(false as const), gasPrice: amount }),
    );
    const gas = fc.bigInt({ min: 21_000n, max: 30_000_000n });
    fc.assert(
      fc.property(fc.array(aNode, { maxLength: 4 }), gas, (nodes, gasLimit) => {
        const fees = feesFrom(nodes, gasLimit, caps);
        if (!fees.ok) return;
        const { value } = fees;
        expect(greatestFee(gasLimit, value)).toBeLessThanOrEqual(caps.maxFee);
        const cap = 'gasPrice' in value ? value.gasPrice : value.maxFeePerGas;
        expect(cap).toBeLessThanOrEqual(caps.maxFeePerGas);
        if (!('gasPrice' in value))
          expect(value.maxPriorityFeePerGas).toBeLessThanOrEqual(value.maxFeePerGas);
      }),
      tries(300),
    );
  });
});

describe('the fees of a replacement', () => {
  it.each<readonly [string, Fees, Fees, Fees]>([
    ['an eighth more', dynamic(80n, 8n), FREE, dynamic(90n, 9n)],
    ['an eighth more than nodes say now', dynamic(80n, 8n), dynamic(60n, 2n), dynamic(90n, 9n)],
    ['what nodes say now', dynamic(80n, 8n), dynamic(120n, 10n), dynamic(120n, 10n)],
    ['the higher one of each', dynamic(80n, 8n), dynamic(120n, 2n), dynamic(120n, 9n)],
    ['an eighth more for a gas price', { gasPrice: 8n }, { gasPrice: 5n }, { gasPrice: 9n }],
    [
      'rounded up',
      { maxFeePerGas: 9n, maxPriorityFeePerGas: 1n },
      FREE,
      { maxFeePerGas: 11n, maxPriorityFeePerGas: 2n },
    ],
    [
      'more than nothing',
      { maxFeePerGas: 8n, maxPriorityFeePerGas: 0n },
      FREE,
      { maxFeePerGas: 9n, maxPriorityFeePerGas: 1n },
    ],
    [
      'above both where the chain lost its base fee',
      { maxFeePerGas: 8n, maxPriorityFeePerGas: 0n },
      { gasPrice: 20n },
      { maxFeePerGas: 20n, maxPriorityFeePerGas: 20n },
    ],
  ])('are %s', (_, previous, fresh, fees) => {
    expect(replacementFees(previous, fresh, GAS, caps)).toEqual({ ok: true, value: fees });
  });

  it('are refused where the cap forbids them', () => {
    const refused = { ok: false, code: 'send.fee_above_cap' };

    expect(replacementFees(dynamic(400n, 8n), FREE, GAS, caps)).toMatchObject({ value: dynamic(450n, 9n) });
    expect(replacementFees(dynamic(445n, 8n), FREE, GAS, caps)).toEqual(refused);
    expect(replacementFees({ gasPrice: 445n * GWEI }, FREE, GAS, caps)).toEqual(refused);
    expect(replacementFees(dynamic(80n, 8n), FREE, GAS, { ...caps, maxFee: 90n * GWEI * GAS - 1n })).toEqual(
      refused,
    );
  });

  it('are at least 12.5 % more on both', () => {
    const amount = fc.bigInt({ min: 0n, max: 400n * GWEI });
    fc.assert(
      fc.property(amount, amount, amount, (first, second, freshFee) => {
        const [tip, fee] = first < second ? [first, second] : [second, first];
        const fresh = { maxFeePerGas: freshFee, maxPriorityFeePerGas: freshFee };
        const fees = replacementFees({ maxFeePerGas: fee, maxPriorityFeePerGas: tip }, fresh, GAS, caps);
        if (!fees.ok || 'gasPrice' in fees.value) throw new Error('expected fees of EIP-1559');
        expect(fees.value.maxFeePerGas * 1000n).toBeGreaterThanOrEqual(fee * 1125n);
        expect(fees.value.maxPriorityFeePerGas * 1000n).toBeGreaterThanOrEqual(tip * 1125n);
        expect(fees.value.maxPriorityFeePerGas).toBeGreaterThan(tip);
        expect(fees.value.maxPriorityFeePerGas).toBeLessThanOrEqual(fees.value.maxFeePerGas);
      }),
      tries(300),
    );
  });
});

describe('the gas limit', () => {
  it.each<readonly [string, readonly bigint[], bigint]>([
    ['a fifth more', [100_000n, 100_000n], 120_000n],
    ['rounded up', [21_001n, 21_001n], 25_202n],
    ['by the higher of two', [21_000n, 100_000n], 120_000n],
    ['by the middle of three', [21_000n, 100_000n, 2_000_000n], 120_000n],
    ['at most the cap', [2_900_000n, 2_900_000n], 3_000_000n],
    ['the cap itself', [3_000_000n, 3_000_000n], 3_000_000n],
    ['without an absurd estimate', [HUGE, 100_000n], 120_000n],
    ['without an impossible estimate', [0n, 100_000n], 120_000n],
  ])('is %s', (_, estimates, limit) => {
    expect(gasLimitFrom(estimates, caps)).toEqual({ ok: true, value: limit });
  });

  it.each<readonly [string, readonly bigint[], string]>([
    ['one node', [100_000n], 'gas_unknown'],
    ['no node', [], 'gas_unknown'],
    ['two that say nothing', [0n, 20_999n], 'gas_unknown'],
    ['one that says too much beside nothing', [0n, HUGE], 'gas_unknown'],
    ['two that say too much', [3_000_001n, HUGE], 'gas_above_cap'],
  ])('is refused by %s', (_, estimates, code) => {
    expect(gasLimitFrom(estimates, caps)).toEqual({ ok: false, code: `send.${code}` });
  });
});

describe('the answer to eth_feeHistory', () => {
  const answer = {
    oldestBlock: '0x1',
    baseFeePerGas: ['0x5', '0x6', '0x7'],
    gasUsedRatio: [0.5, 0],
    reward: [['0x2'], ['0x0']],
  };

  it('has the base fee of the next block, and tips of blocks with transactions', () => {
    expect(readFeeHistory(answer)).toEqual({ nextBaseFee: 7n, tips: [2n] });
  });

  it.each<readonly [string, unknown]>([
    ['null', null],
    ['text', '0x5'],
    ['no rewards', { ...answer, reward: undefined }],
    ['null as rewards', { ...answer, reward: null }],
    ['fewer rewards than blocks', { ...answer, reward: [['0x2']] }],
    ['two percentiles', { ...answer, reward: [['0x2', '0x3'], ['0x0']] }],
    ['no base fee of the next block', { ...answer, baseFeePerGas: ['0x5', '0x6'] }],
    ['one base fee more', { ...answer, baseFeePerGas: ['0x5', '0x6', '0x7', '0x8'] }],
    ['a number as base fee', { ...answer, baseFeePerGas: ['0x5', '0x6', 7] }],
    ['a negative reward', { ...answer, reward: [['-0x2'], ['0x0']] }],
    ['a reward beyond 256 bits', { ...answer, reward: [[`0x${'f'.repeat(65)}`], ['0x0']] }],
    ['text as ratio', { ...answer, gasUsedRatio: ['0.5', 0] }],
    ['no blocks', { ...answer, baseFeePerGas: ['0x5'], gasUsedRatio: [], reward: [] }],
  ])('is refused with %s', (_, json) => {
    expect(readFeeHistory(json)).toBeNull();
  });
});

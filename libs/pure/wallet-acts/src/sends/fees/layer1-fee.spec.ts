import { decodeFunctionData, parseAbi, parseTransaction } from 'viem';
import { layer1FeeCall, layer1FeeFrom } from './layer1-fee';

const caps = { minTipPerGas: 0n, maxFeePerGas: 10n ** 11n, maxFee: 1_000_000n, maxGas: 1_000_000n };
const to = `0x${'77'.repeat(20)}` as const;

describe('what a chain of the OP stack takes for layer 1', () => {
  it('is asked for with a transaction that is as long as the one that is sent can be', () => {
    const call = layer1FeeCall(8453, { to, value: 5n, data: '0x1234' }, caps);

    expect(call.to).toBe('0x420000000000000000000000000000000000000f');
    expect(call.data.slice(0, 10)).toBe('0x49948e0e');
    const { args } = decodeFunctionData({ abi: parseAbi(['function getL1Fee(bytes)']), data: call.data });
    expect(parseTransaction(args[0])).toMatchObject({
      ...{ chainId: 8453, to, value: 5n, data: '0x1234', gas: caps.maxGas },
      maxFeePerGas: caps.maxFeePerGas,
    });
  });

  it.each<readonly [readonly bigint[], bigint | string]>([
    [[100n, 100n], 125n],
    [[101n, 100n], 127n],
    [[100n, 200n], 250n],
    [[0n, 0n], 0n],
    [[799_999n, 799_999n], 999_999n],
    [[800_000n, 800_000n], 'send.fee_above_cap'],
    [[100n, 201n], 'send.fees_unknown'],
    [[0n, 1n], 'send.fees_unknown'],
    [[100n, 100n, 1_000n], 'send.fees_unknown'],
    [[100n], 'send.fees_unknown'],
    [[], 'send.fees_unknown'],
  ])('is by nodes that say %s: %s', (fees, expected) => {
    const fee = layer1FeeFrom(fees, caps);
    expect(fee.ok ? fee.value : fee.code).toBe(expected);
  });
});

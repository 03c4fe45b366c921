import { Transaction, Wallet } from 'ethers';
import * as fc from 'fast-check';
import { keccak256, toHex, type Hex } from 'viem';
import { privateKeyToAccount, signTransaction } from 'viem/accounts';
import { tries } from '@countersign/text/testing';
import type { Fees } from '../fees/fees';
import {
  cancellingCall,
  signedTransaction,
  transactionHash,
  unsignedTransaction,
  type TransactionFields,
} from './transaction';

const KEY: Hex = `0x${'ab'.repeat(32)}`;
const account = privateKeyToAccount(KEY);
const wallet = new Wallet(KEY);
const TO = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
const fields: TransactionFields = {
  chainId: 1,
  nonce: 7,
  call: { to: TO, value: 5n, data: '0xa9059cbb' },
  gas: 60_000n,
  fees: { maxFeePerGas: 30n, maxPriorityFeePerGas: 2n },
};

/** As custody signs: r, s, and 27 or 28. */
async function signatureOf(unsigned: Buffer): Promise<Buffer> {
  return Buffer.from((await account.sign({ hash: keccak256(unsigned) })).slice(2), 'hex');
}

describe('a transaction', () => {
  it('is signed with the bytes and the hash of viem and ethers', async () => {
    const amount = (bits: bigint) => fc.bigInt({ min: 0n, max: 2n ** bits - 1n });
    const aFee: fc.Arbitrary<Fees> = fc.oneof(
      fc
        .tuple(amount(64n), amount(64n))
        .map(([first, second]) =>
          first < second
            ? { maxFeePerGas: second, maxPriorityFeePerGas: first }
            : { maxFeePerGas: first, maxPriorityFeePerGas: second },
        ),
      fc.record({ gasPrice: amount(64n) }),
    );
    const aTransaction: fc.Arbitrary<TransactionFields> = fc.record({
      chainId: fc.integer({ min: 1, max: 2 ** 40 }),
      nonce: fc.maxSafeNat(),
      call: fc.record({
        to: fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => toHex(bytes)),
        value: amount(256n),
        data: fc.uint8Array({ maxLength: 200 }).map((bytes) => toHex(bytes)),
      }),
      gas: amount(40n),
      fees: aFee,
    });
    await fc.assert(
      fc.asyncProperty(aTransaction, async (one) => {
        const { chainId, nonce, call, gas, fees } = one;
        const isLegacy = 'gasPrice' in fees;
        const common = { chainId, nonce, ...call };
        const ofViem = await signTransaction({
          privateKey: KEY,
          transaction: isLegacy
            ? { type: 'legacy', ...common, gas, ...fees }
            : { type: 'eip1559', ...common, gas, ...fees },
        });
        const ofEthers = await wallet.signTransaction({
          type: isLegacy ? 0 : 2,
          ...common,
          gasLimit: gas,
          ...fees,
        });

        const unsigned = unsignedTransaction(one);
        const signed = signedTransaction(unsigned, await signatureOf(unsigned));

        expect(toHex(signed)).toBe(ofViem);
        expect(toHex(signed)).toBe(ofEthers);
        expect(transactionHash(signed)).toBe(Transaction.from(ofEthers).hash);
      }),
      tries(50),
    );
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('does not have the nonce %p', (nonce) => {
    expect(() => unsignedTransaction({ ...fields, nonce })).toThrow(RangeError);
  });

  it.each([
    ['64 bytes', Buffer.alloc(64, 27)],
    ['66 bytes', Buffer.alloc(66, 27)],
    ['a recovery bit', Buffer.concat([Buffer.alloc(64, 1), Buffer.from([1])])],
    ['an EIP-155 value', Buffer.concat([Buffer.alloc(64, 1), Buffer.from([37])])],
  ])('is not signed with %s', (_, signature) => {
    expect(() => signedTransaction(unsignedTransaction(fields), signature)).toThrow(RangeError);
  });

  it('that cancels another one sends nothing to the wallet', () => {
    expect(cancellingCall(TO)).toEqual({ to: TO, value: 0n, data: '0x' });
  });
});

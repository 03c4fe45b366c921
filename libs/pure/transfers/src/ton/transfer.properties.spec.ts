import * as fc from 'fast-check';
import { Cell } from '@ton/core';
import { tries } from '@countersign/text/testing';
import { messageOf, sendOf, type TonSend } from './messages';
import { readTonTransfer, tonTransferDigest, tonTransferPayload } from './transfer';

const uint = (bits: number): fc.Arbitrary<bigint> => fc.bigInt({ min: 0n, max: 2n ** BigInt(bits) - 1n });
const raw = fc
  .tuple(fc.constantFrom('0', '-1'), uint(256))
  .map(([workchain, hash]) => `${workchain}:${hash.toString(16).padStart(64, '0')}`);
const comment = fc.option(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }).filter((text) => text.isWellFormed()),
);
const attached = { attached: uint(120), forward: uint(120), responseTo: raw, queryId: uint(64) };

const aSend: fc.Arbitrary<TonSend> = fc.oneof(
  fc.record({ kind: fc.constant('coin'), to: raw, amount: uint(120), bounce: fc.boolean(), comment }),
  fc.record({
    ...{ kind: fc.constant('jetton'), jettonWallet: raw, to: raw, amount: uint(120), comment },
    ...attached,
  }),
  fc.record({ kind: fc.constant('collectible'), item: raw, to: raw, ...attached }),
);
const aTransfer = fc.record({
  network: fc.constantFrom(-239, -3),
  seqno: fc.nat(2 ** 31 - 1),
  validUntil: fc.nat(2 ** 31 - 1),
  messages: fc.array(aSend.map(messageOf), { minLength: 1, maxLength: 6 }),
});

describe('any transfer', () => {
  it('is read as it was made', () => {
    fc.assert(
      fc.property(fc.array(aSend, { minLength: 1, maxLength: 6 }), aTransfer, (sends, transfer) => {
        const made = { ...transfer, messages: sends.map(messageOf) };

        const read = readTonTransfer(tonTransferPayload(made));

        expect(read).toMatchObject({ seqno: made.seqno, validUntil: made.validUntil, network: made.network });
        expect(read?.messages.map(sendOf)).toEqual(sends);
      }),
      tries(100),
    );
  });

  it('is read as exactly what is signed, with any byte changed', () => {
    fc.assert(
      fc.property(aTransfer, fc.nat(), fc.integer({ min: 1, max: 255 }), (transfer, at, change) => {
        const [cell] = Cell.fromBoc(tonTransferPayload(transfer));
        // Without a checksum, which would refuse each change.
        const payload = cell?.toBoc({ idx: false, crc32: false }) ?? Buffer.alloc(0);
        const index = at % payload.length;
        payload[index] = (payload[index] ?? 0) ^ change;

        const read = readTonTransfer(payload);

        if (read) expect(tonTransferDigest(read)).toEqual(Cell.fromBoc(payload)[0]?.hash());
      }),
      tries(300),
    );
  });
});

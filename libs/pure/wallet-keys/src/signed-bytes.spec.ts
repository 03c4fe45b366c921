import { beginCell, internal, SendMode, type Cell } from '@ton/core';
import { WalletContractV5R1 } from '@ton/ton';
import { domainSeparator, hashStruct, hashTypedData, serializeTransaction, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { sign as signOfTon, keyPairFromSeed } from '@ton/crypto';
import { readTonAddress } from '@countersign/wallet-proofs';
import { messageOf, tonTransferDigest, tonTransferPayload, type TonTransfer } from '@countersign/transfers';
import { newEntropy } from './mnemonic';
import { digestToSign, signDigest, type SigningKind } from './signed-bytes';
import { tonPublicKeyOf } from './ton-key';
import { tonWalletOf } from './ton-wallet';
import { deriveWalletKeys } from './wallet-keys';

const keys = deriveWalletKeys(newEntropy());
const account = privateKeyToAccount(toHex(keys.evm));
const bytes = (hex: string): Buffer => Buffer.from(hex.slice(2), 'hex');

const tonAddress = addressOf(tonWalletOf(tonPublicKeyOf(keys.ton), -239).address);

function addressOf(raw: string) {
  const read = readTonAddress(raw);
  if (!read.ok) throw new Error(read.code);
  return read.value;
}

const VALID_UNTIL = 1_800_000_000;
const before = (seconds: number): Date => new Date((VALID_UNTIL - seconds) * 1_000);
const now = before(60);

function signatureOf(kind: SigningKind, payload: Buffer): Buffer {
  const digest = digestToSign(kind, payload, now);
  if (!digest) throw new Error('refused');
  return signDigest(kind, keys, digest);
}

describe('what a wallet signs', () => {
  it.each([
    { chainId: 1, nonce: 3, gas: 21_000n, maxFeePerGas: 9n, maxPriorityFeePerGas: 1n, to: account.address },
    { chainId: 56, nonce: 3, gas: 21_000n, gasPrice: 9n, to: account.address, value: 5n, type: 'legacy' },
  ] as const)("is viem's transaction %#", async (transaction) => {
    const signature = signatureOf('evm-transaction', bytes(serializeTransaction(transaction)));

    const [r, s] = [toHex(signature.subarray(0, 32)), toHex(signature.subarray(32, 64))];
    expect(serializeTransaction(transaction, { r, s, v: BigInt(signature[64] ?? 0) })).toBe(
      await account.signTransaction(transaction),
    );
  });

  it("is viem's message", async () => {
    expect(toHex(signatureOf('evm-message', Buffer.from('héllo')))).toBe(
      await account.signMessage({ message: 'héllo' }),
    );
  });

  it("is viem's typed data", async () => {
    const typed = {
      domain: { name: 'Shop', chainId: 1n, verifyingContract: account.address },
      types: {
        EIP712Domain: [
          { name: 'name', type: 'string' },
          { name: 'chainId', type: 'uint256' },
          { name: 'verifyingContract', type: 'address' },
        ],
        Order: [{ name: 'amount', type: 'uint256' }],
      },
      primaryType: 'Order',
      message: { amount: 7n },
    } as const;
    const payload = Buffer.concat([
      bytes(domainSeparator({ domain: typed.domain })),
      bytes(hashStruct({ data: typed.message, primaryType: 'Order', types: typed.types })),
    ]);

    expect(toHex(digestToSign('evm-typed-data', payload, now) ?? '')).toBe(hashTypedData(typed));
    expect(toHex(signatureOf('evm-typed-data', payload))).toBe(await account.signTypedData(typed));
  });

  it("is @ton/ton's transfer", async () => {
    const publicKey = tonPublicKeyOf(keys.ton);
    const wallet = WalletContractV5R1.create({ publicKey });
    const seen: Cell[] = [];
    const transfer = await wallet.createTransfer({
      seqno: 1,
      timeout: VALID_UNTIL,
      sendMode: SendMode.PAY_GAS_SEPARATELY,
      messages: [internal({ to: wallet.address, value: 1n })],
      signer: (message) => {
        seen.push(message);
        return Promise.resolve(signOfTon(message.hash(), keyPairFromSeed(keys.ton).secretKey));
      },
    });
    const payload = seen[0]?.toBoc() ?? Buffer.alloc(0);

    const signature = signatureOf('ton-transaction', payload);

    expect(transfer.bits.substring(transfer.bits.length - 512, 512).toString()).toBe(
      signature.toString('hex').toUpperCase(),
    );
  });
});

const hash = Buffer.alloc(32, 7);
const cell = (opcode: number): Buffer => beginCell().storeUint(opcode, 32).endCell().toBoc();

it.each<readonly [SigningKind, string, Buffer]>([
  ['ton-transaction', 'a hash', hash],
  ['ton-transaction', 'a cell of another kind', cell(0x73696e74)],
  ['ton-transaction', 'an empty cell', beginCell().endCell().toBoc()],
  ['ton-transaction', 'the head of a transfer alone', cell(0x7369676e)],
  ['ton-proof', 'its prefix alone', Buffer.from('ton-proof-item-v2/', 'latin1')],
  ['ton-proof', 'a hash', hash],
  ['ton-proof', 'a cell', cell(0x7369676e)],
])('%s refuses %s', (kind, _, payload) => {
  expect(digestToSign(kind, payload, now)).toBeNull();
});

const transfer: TonTransfer = {
  ...{ network: -239, seqno: 1, validUntil: VALID_UNTIL },
  messages: [messageOf({ kind: 'coin', to: tonAddress.raw, amount: 1n, bounce: false, comment: null })],
};

it.each([
  ['60 seconds', before(60), true],
  ['one second', before(1), true],
  ['almost a second', new Date(VALID_UNTIL * 1_000 - 1), true],
  ['61 seconds', before(61), false],
  ['years', before(100_000_000), false],
  ['no more', before(0), false],
  ['no more, since a year', before(-30_000_000), false],
])('a transfer of TON is signed while it is valid for at most a minute: %s', (_, at, isSigned) => {
  const digest = digestToSign('ton-transaction', tonTransferPayload(transfer), at);

  expect(digest?.toString('hex') ?? null).toBe(isSigned ? tonTransferDigest(transfer).toString('hex') : null);
});

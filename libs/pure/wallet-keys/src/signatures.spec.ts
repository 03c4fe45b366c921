import { randomBytes } from 'node:crypto';
import { keyPairFromSeed, sign as signOfTon } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';
import { Wallet } from 'ethers';
import { hashMessage, toHex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { evmAddressOf, signEvmDigest } from './evm-key';
import { newEntropy } from './mnemonic';
import { signTonMessage, tonPublicKeyOf } from './ton-key';
import { tonWalletOf } from './ton-wallet';
import { deriveWalletKeys } from './wallet-keys';

const wallets = Array.from({ length: 20 }, () => deriveWalletKeys(newEntropy()));
const ORDER = Buffer.from('fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141', 'hex');

describe('signatures of EVM keys', () => {
  it("are viem's and ethers', byte for byte", async () => {
    for (const { evm } of wallets) {
      const text = randomBytes(20).toString('hex');
      const key = toHex(evm);

      const signature = toHex(signEvmDigest(evm, Buffer.from(hashMessage(text).slice(2), 'hex')));

      expect(signature).toBe(await privateKeyToAccount(key).signMessage({ message: text }));
      expect(signature).toBe(await new Wallet(key).signMessage(text));
    }
  });

  it.each([
    ['zero', Buffer.alloc(32)],
    ['the order of the group', ORDER],
    ['more than the order', Buffer.alloc(32, 0xff)],
    ['a short key', Buffer.alloc(31, 1)],
  ])('are refused for %s', (_, key) => {
    expect(() => signEvmDigest(key, Buffer.alloc(32))).toThrow('no private key');
    expect(() => evmAddressOf(key)).toThrow('no private key');
  });

  it('are refused for what is no digest', () => {
    expect(() => signEvmDigest(Buffer.alloc(32, 1), Buffer.alloc(31))).toThrow('32 bytes');
  });
});

describe('signatures of TON keys', () => {
  it("are @ton/crypto's, byte for byte", () => {
    for (const { ton } of wallets) {
      const message = randomBytes(100);
      const pair = keyPairFromSeed(ton);

      expect(tonPublicKeyOf(ton)).toEqual(pair.publicKey);
      expect(signTonMessage(ton, message)).toEqual(signOfTon(message, pair.secretKey));
    }
  });

  it('are refused for what is no seed', () => {
    expect(() => signTonMessage(Buffer.alloc(31), Buffer.alloc(1))).toThrow('32 bytes');
  });
});

describe('TON wallets', () => {
  it.each([-239, -3] as const)("are @ton/ton's v5r1 in network %d", (network) => {
    for (const { ton } of wallets) {
      const publicKey = tonPublicKeyOf(ton);
      const theirs = WalletContractV5R1.create({
        publicKey,
        walletId: {
          networkGlobalId: network,
          context: { workchain: 0, walletVersion: 'v5r1', subwalletNumber: 0 },
        },
      });

      const ours = tonWalletOf(publicKey, network);

      expect(ours.address).toBe(theirs.address.toRawString());
      const { code, data } = ours.init;
      expect([code.hash(), data.hash()]).toEqual([theirs.init.code.hash(), theirs.init.data.hash()]);
    }
  });
});

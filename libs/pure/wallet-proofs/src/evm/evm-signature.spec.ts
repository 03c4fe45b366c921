import { Signature, Wallet } from 'ethers';
import { encodeAbiParameters, hashMessage, serializeErc6492Signature } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { evmProofOf, MAX_EVM_SIGNATURE_BYTES, recoverEvmKey } from './evm-signature';
import type { EvmAddress } from './evm-address';

const key = `0x${'22'.repeat(32)}` as const;
const account = privateKeyToAccount(key);
const address = account.address.toLowerCase() as EvmAddress;
const message = 'Please sign to let us verify';
/** Of the curve secp256k1. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

async function signed(text = message) {
  const { r, s, v } = Signature.from(await account.signMessage({ message: text }));
  return { r: r.slice(2), s: s.slice(2), v };
}

async function verdictOf(signature: string, text = message): Promise<string> {
  const key = await recoverEvmKey(text, signature);
  return key.ok ? key.value : key.code;
}

function hex(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}

describe('recoverEvmKey', () => {
  it.each(['a', '', '0x', '0x1234', `0x${'00'.repeat(32)}`, 'ключ 🦊', 'a\nb\r\n', 'x'.repeat(4096)])(
    'knows the signers of ethers and viem: %j',
    async (text) => {
      const wallet = new Wallet(key);

      expect(await verdictOf(await wallet.signMessage(text), text)).toBe(address);
      expect(await verdictOf(await account.signMessage({ message: text }), text)).toBe(address);
    },
  );

  it('takes 27, 28, 0 and 1 at the end, and capitals', async () => {
    const { r, s, v } = await signed();

    expect(await verdictOf(`0x${r}${s}${v.toString(16)}`)).toBe(address);
    expect(await verdictOf(`0x${r}${s}0${String(v - 27)}`)).toBe(address);
    expect(await verdictOf(`0x${(r + s).toUpperCase()}${v.toString(16).toUpperCase()}`)).toBe(address);
  });

  it('takes the other value of s, which names the same key', async () => {
    const { r, s, v } = await signed();
    const other = hex(ORDER - BigInt(`0x${s}`));

    expect(await verdictOf(`0x${r}${other}${(55 - v).toString(16)}`)).toBe(address);
  });

  it('names another key for another text, or refuses', async () => {
    const { r, s, v } = await signed();

    expect(await verdictOf(`0x${r}${s}${v.toString(16)}`, `${message} `)).not.toBe(address);
    expect(await verdictOf(`0x${r}${s}${(55 - v).toString(16)}`)).not.toBe(address);
  });

  it.each(['02', '03', '1a', '1d', '1e', '25', '26', '80', 'ff'])('refuses %s at the end', async (end) => {
    const { r, s } = await signed();

    expect(await verdictOf(`0x${r}${s}${end}`)).toBe('wallet.signature_invalid');
  });

  it.each([
    ['r of zero', 0n, 1n],
    ['s of zero', 1n, 0n],
    ['r of the order', ORDER, 1n],
    ['s of the order', 1n, ORDER],
    ['r beyond the order', ORDER + 1n, 1n],
    ['s beyond the order', 1n, 2n ** 256n - 1n],
    ['an r that is no point', 5n, 1n],
    ['nothing but zeros', 0n, 0n],
  ])('refuses %s', async (_, r, s) => {
    expect(await verdictOf(`0x${hex(r)}${hex(s)}1b`)).toBe('wallet.signature_invalid');
  });

  it('takes the 64 bytes of EIP-2098, with either parity, and no others', async () => {
    const parities = new Set<number>();
    for (let text = 'a'; parities.size < 2; text += 'a') {
      const { r, s, v } = await signed(text);
      const { compactSerialized } = Signature.from(`0x${r}${s}${v.toString(16)}`);
      const flipped = (Number.parseInt(compactSerialized.charAt(66), 16) ^ 8).toString(16);
      parities.add(v);

      expect(compactSerialized).toHaveLength(130);
      expect(await verdictOf(compactSerialized, text)).toBe(address);
      expect(await verdictOf(compactSerialized, `${text} `)).not.toBe(address);
      expect(
        await verdictOf(`${compactSerialized.slice(0, 66)}${flipped}${compactSerialized.slice(67)}`, text),
      ).not.toBe(address);
    }
  });

  it('takes no second spelling of 64 bytes: the other value of s has no room for the parity', async () => {
    const { r, s } = await signed();
    const other = hex(ORDER - BigInt(`0x${s}`));

    expect(await verdictOf(`0x${r}${other}`)).not.toBe(address);
  });

  it('refuses 63 and 66 bytes', async () => {
    const { r, s, v } = await signed();

    expect(await verdictOf(`0x${r}${s.slice(2)}`)).toBe('wallet.signature_invalid');
    expect(await verdictOf(`0x${r}${s}${v.toString(16)}00`)).toBe('wallet.signature_invalid');
    expect(await verdictOf(`0x00${r}${s}${v.toString(16)}`)).toBe('wallet.signature_invalid');
  });

  it('refuses a number at the end that is written with more bytes', async () => {
    const { r, s, v } = await signed();

    for (const zeros of ['00', '0000'])
      for (const end of [v.toString(16), `0${String(v - 27)}`])
        expect(await verdictOf(`0x${r}${s}${zeros}${end}`)).toBe('wallet.signature_invalid');
  });

  it.each(['', '0x1', 'junk', 'junk0x1234', '0xzz', '0x12 34', '1234', '0X1234', '0x1234\n'])(
    'refuses %j as malformed',
    async (signature) => {
      expect(await verdictOf(signature)).toBe('wallet.signature_malformed');
    },
  );

  it('measures before it reads', async () => {
    expect(await verdictOf(`0x${'00'.repeat(MAX_EVM_SIGNATURE_BYTES)}`)).toBe('wallet.signature_invalid');
    expect(await verdictOf(`0x${'00'.repeat(MAX_EVM_SIGNATURE_BYTES + 1)}`)).toBe(
      'wallet.signature_malformed',
    );
    expect(await verdictOf(`0x${'0'.repeat(100_000_000)}`)).toBe('wallet.signature_malformed');
  });

  it('is not a signature without the prefix of EIP-191, nor one of a typed text', async () => {
    const raw = await account.sign({ hash: hashMessage({ raw: '0x12' }) });

    expect(await verdictOf(raw, '0x12')).not.toBe(address);
    expect(await verdictOf(await account.signMessage({ message: { raw: '0x12' } }), '0x12')).not.toBe(
      address,
    );
  });
});

describe('evmProofOf', () => {
  const proofOf = (signature: string, of = address) => evmProofOf({ message, signature, address: of });

  it("leaves a stranger's signature to the contract, which may have an owner", async () => {
    const stranger = privateKeyToAccount(`0x${'33'.repeat(32)}`);
    const signature = await stranger.signMessage({ message });

    expect(await proofOf(signature)).toEqual({
      ok: true,
      value: { by: 'contract', address, hash: hashMessage(message), signature },
    });
  });

  it.each(['0x', '0x01', `0x${'ab'.repeat(64)}`, `0x${'ab'.repeat(195)}`])(
    'leaves a signature of another form to the contract: %s',
    async (signature) => {
      expect(await proofOf(signature)).toMatchObject({ value: { by: 'contract' } });
    },
  );

  it('refuses wrapped signatures, and takes no key proof out of them', async () => {
    const inner = await account.signMessage({ message });
    const undeployed = serializeErc6492Signature({ address: account.address, data: '0x', signature: inner });
    const delegated = `${encodeAbiParameters([{ type: 'bytes' }], [inner])}${'8010'.repeat(16)}`;

    for (const signature of [undeployed, delegated]) {
      expect(await proofOf(signature)).toEqual({ ok: false, code: 'wallet.signature_unsupported' });
      expect(await recoverEvmKey(message, signature)).toEqual({
        ok: false,
        code: 'wallet.signature_invalid',
      });
    }
  });

  it('compares with the address in lower case only', async () => {
    const checksummed = await proofOf(await account.signMessage({ message }), account.address);

    expect(checksummed).toMatchObject({ ok: true, value: { by: 'contract' } });
  });
});

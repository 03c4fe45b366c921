import * as fc from 'fast-check';
import { beginCell, Cell, storeStateInit } from '@ton/core';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';
import { privateKeyToAccount } from 'viem/accounts';
import { tries } from '@countersign/text/testing';
import { PROOF_DOMAIN, PROVEN_AT, tonAccount, tonSigner } from '../testing/ton-signer';
import { readBoundedBoc } from './ton/bounded-boc';
import { readEvmAddress, showEvmAddress, type EvmAddress } from './evm/evm-address';
import { evmProofOf, recoverEvmKey } from './evm/evm-signature';
import { readSiweMessage, siweMessage } from './evm/siwe-message';
import { readTonAddress, showTonAddress } from './ton/ton-address';
import { readTonProof, type TonProof } from './ton/ton-proof';
import { readTonStateInit, verifyTonProof, type TonProofPolicy } from './ton/verify-ton-proof';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const hex = (length: number) =>
  bytes(length).map((value): EvmAddress => `0x${Buffer.from(value).toString('hex')}`);
const anyText = fc.string({ unit: 'binary', maxLength: 300 });

const account = privateKeyToAccount(`0x${'22'.repeat(32)}`);
const address = account.address.toLowerCase() as EvmAddress;
const now = new Date('2026-01-02T03:05:00.000Z');
const message = siweMessage({
  domain: 'app.example.com',
  address,
  uri: 'https://app.example.com',
  chainId: 1,
  nonce: 'k3jh4k5jh34kjh5k',
  issuedAt: now,
  expirationTime: new Date('2026-01-02T03:09:05.678Z'),
  statement: 'Sign in to Example with this wallet.',
});

/** One place replaced, one put in, one taken out: in text or in bytes. */
const anEdit = fc.record({
  at: fc.nat({ max: 4095 }),
  remove: fc.integer({ min: 0, max: 3 }),
  insert: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom('\n', '\r\n', ' ', '\0', '\t', '0'),
  ),
});
type Edit = typeof anEdit extends fc.Arbitrary<infer T> ? T : never;

function edited(text: string, { at, remove, insert }: Edit): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + insert + text.slice(place + remove);
}

/** What a proof says without the claims beside it. */
function signedPartOf({ publicKey, stateInit, ...signed }: TonProof): object {
  return signed;
}

describe('what wallets sign', () => {
  it('reads addresses back as they are shown', () => {
    fc.assert(
      fc.property(
        hex(20),
        fc.constantFrom<0 | -1>(0, -1),
        bytes(32),
        fc.boolean(),
        (evm, workchain, hash, isTest) => {
          const raw = `${String(workchain)}:${Buffer.from(hash).toString('hex')}`;
          const shown = readTonAddress(showTonAddress(raw, { isTest }));

          expect(readEvmAddress(showEvmAddress(evm))).toEqual({ ok: true, value: evm });
          expect(shown).toMatchObject({ ok: true, value: { raw, isTest } });
        },
      ),
      tries(200),
    );
  });

  it('knows no address by another spelling', () => {
    const raw = `0:${'ab'.repeat(32)}`;
    const friendly = showTonAddress(raw, { isTest: false });
    fc.assert(
      fc.property(anEdit, (edit) => {
        const evm = readEvmAddress(edited(account.address, edit));
        const ton = readTonAddress(edited(friendly, edit));

        if (evm.ok && evm.value === address)
          expect([address, account.address]).toContain(edited(account.address, edit));
        if (ton.ok) expect(edited(friendly, edit)).toBe(friendly);
      }),
      tries(500),
    );
  });

  it('reads a message of any text only to write it again', () => {
    const anyMessage = fc.oneof(
      anyText,
      anEdit.map((edit) => edited(message, edit)),
    );
    fc.assert(
      fc.property(anyMessage, (text) => {
        const read = readSiweMessage(text);

        if (read.ok) expect(read.value.toMessage()).toBe(text);
      }),
      tries(500),
    );
  });

  it('recovers every key from what it signed, and never from another signature', async () => {
    await fc.assert(
      fc.asyncProperty(
        // Never zero, and below the order of the curve.
        hex(31).map((value) => `0x01${value.slice(2)}` as const),
        anyText,
        fc.nat({ max: 63 }),
        fc.integer({ min: 1, max: 255 }),
        async (key, text, at, bits) => {
          const signer = privateKeyToAccount(key);
          fc.pre(text.isWellFormed());
          const signature = await signer.signMessage({ message: text });
          const other = Buffer.from(signature.slice(2), 'hex');
          other[at] = (other[at] ?? 0) ^ bits;
          const recovered = await recoverEvmKey(text, `0x${other.toString('hex')}`);

          expect(await recoverEvmKey(text, signature)).toEqual({
            ok: true,
            value: signer.address.toLowerCase(),
          });
          expect(recovered).not.toEqual({ ok: true, value: signer.address.toLowerCase() });
        },
      ),
      tries(60),
    );
  });

  it('throws for no signature', async () => {
    const anySignature = fc.oneof(
      anyText,
      fc.uint8Array({ maxLength: 400 }).map((value) => `0x${Buffer.from(value).toString('hex')}`),
    );
    await fc.assert(
      fc.asyncProperty(anySignature, async (signature) => {
        const proof = await evmProofOf({ message, signature, address });

        expect(proof.ok && proof.value.by === 'key').toBe(false);
      }),
      tries(300),
    );
  });
});

describe('ton_proof', () => {
  const signer = tonSigner(7);
  const v4 = WalletContractV4.create({ workchain: 0, publicKey: signer.publicKey });
  const policy: TonProofPolicy = {
    payload: 'payload',
    network: '-239',
    address: v4.address.toRawString(),
    domain: PROOF_DOMAIN,
    issuedAt: new Date(PROVEN_AT * 1000),
    now: new Date(PROVEN_AT * 1000),
  };
  const honest = tonAccount(signer, v4, { payload: 'payload' });

  it('is accepted for each domain, payload and date that were asked for', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 4e9 }), (payload, domain, timestamp) => {
        const proof = readTonProof(tonAccount(signer, v4, { payload, domain, timestamp }));
        const at = new Date(timestamp * 1000);

        expect(
          proof.ok && verifyTonProof(proof.value, { ...policy, payload, domain, issuedAt: at, now: at }).ok,
        ).toBe(true);
      }),
      tries(100),
    );
  });

  it('is nothing but what was signed, in any of its members', () => {
    const json = JSON.stringify(honest);
    const read = readTonProof(honest);
    if (!read.ok) throw new Error(read.code);
    fc.assert(
      fc.property(anEdit, (edit) => {
        let input: unknown;
        try {
          input = JSON.parse(edited(json, edit));
        } catch {
          return;
        }
        const proof = readTonProof(input);
        const verdict = proof.ok && verifyTonProof(proof.value, policy);

        if (verdict && verdict.ok && verdict.value.status === 'proven') {
          expect(verdict.value).toMatchObject({ address: policy.address, publicKey: honest.publicKey });
          expect(signedPartOf(proof.value)).toEqual(signedPartOf(read.value));
        }
      }),
      tries(500),
    );
  });

  it('throws for no input', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), anyText, (value, text) => {
        readTonProof(value);
        for (const member of ['address', 'network', 'publicKey', 'walletStateInit', 'proof']) {
          readTonProof({ ...honest, [member]: value });
          readTonProof({ ...honest, [member]: text });
        }
        for (const member of ['timestamp', 'domain', 'payload', 'signature', 'state_init']) {
          readTonProof({ ...honest, proof: { ...honest.proof, [member]: value } });
        }
      }),
      tries(300),
    );
  });

  it('reads a state init of any bytes without an exception, and only by its own hash', () => {
    const init = WalletContractV5R1.create({ publicKey: signer.publicKey }).init;
    const boc = beginCell().store(storeStateInit(init)).endCell().toBoc();
    const whose = readTonAddress(`0:${Cell.fromBoc(boc)[0]?.hash().toString('hex') ?? ''}`);
    if (!whose.ok) throw new Error(whose.code);
    const anyBoc = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value)),
      fc
        .uint8Array({ maxLength: 300 })
        .map((value) => Buffer.concat([boc.subarray(0, 11), Buffer.from(value)])),
      fc.tuple(fc.nat({ max: boc.length - 1 }), fc.nat({ max: 255 })).map(([at, byte]) => {
        const copy = Buffer.from(boc);
        copy[at] = byte;
        return copy;
      }),
    );
    fc.assert(
      fc.property(anyBoc, (value) => {
        readBoundedBoc(value);
        const state = readTonStateInit(value, whose.value, '-239');

        if (state.ok)
          expect(state.value).toEqual({
            name: 'v5r1',
            publicKey: signer.publicKey,
            keyRotates: false,
          });
      }),
      tries(1000),
    );
  });
});

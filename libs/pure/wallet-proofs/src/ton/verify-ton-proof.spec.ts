import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';
import { telegramWallet } from '../../testing/telegram-wallet';
import { PROOF_DOMAIN, PROVEN_AT, tonAccount, tonSigner } from '../../testing/ton-signer';
import { tonProofVectors, type TonProofVector } from '../../testing/vectors';
import { readTonProof, type TonProof } from './ton-proof';
import { tonProofHash, verifyTonProof, type TonProofPolicy, type VerifiedTonProof } from './verify-ton-proof';

const signer = tonSigner(7);
const stranger = tonSigner(8);
const { publicKey } = signer;
const v4 = WalletContractV4.create({ workchain: 0, publicKey });
const payload = 'an-issued-payload';
const policy: TonProofPolicy = {
  payload,
  network: '-239',
  address: v4.address.toRawString(),
  domain: PROOF_DOMAIN,
  issuedAt: new Date((PROVEN_AT - 10) * 1000),
  now: new Date((PROVEN_AT + 10) * 1000),
};
const honest = tonAccount(signer, v4, { payload });

function read(input: unknown): TonProof {
  const proof = readTonProof(input);
  if (!proof.ok) throw new Error(proof.code);
  return proof.value;
}

function outcomeOf(input: unknown, changes: Partial<TonProofPolicy> = {}): VerifiedTonProof | string {
  const verdict = verifyTonProof(read(input), { ...policy, ...changes });
  return verdict.ok ? verdict.value : verdict.code;
}

function verdictOf(input: unknown, changes: Partial<TonProofPolicy> = {}): string {
  const outcome = outcomeOf(input, changes);
  return typeof outcome === 'string' ? outcome : outcome.status;
}

/** A policy that asks for what the vector says of itself: it was made for this challenge, and at its time. */
function policyOf({ address, network, proof }: TonProofVector): TonProofPolicy {
  const madeAt = new Date(Number(proof.timestamp) * 1000);
  const { payload: itsPayload, domain } = proof;
  return { payload: itsPayload, network, address, domain: domain.value, issuedAt: madeAt, now: madeAt };
}

describe('verifyTonProof', () => {
  const valid = tonProofVectors.vectors.filter(({ expected }) => expected.startsWith('valid'));
  const broken: Readonly<Record<string, string>> = {
    'tonproofnet-domain-not-allowed': 'wallet.proof_malformed',
    'tonproofnet-address-mismatch': 'wallet.state_init_mismatch',
    'tonproofnet-publickey-mismatch': 'wallet.public_key_mismatch',
    'tonproofnet-timestamp-zero': 'wallet.signature_invalid',
    'derived-payload-changed': 'wallet.signature_invalid',
    'derived-lengthbytes-lie': 'wallet.proof_malformed',
  };

  it.each(valid.map((vector) => [vector.id, vector] as const))('accepts %s', (_, vector) => {
    const proof = read(vector);

    expect(tonProofHash(proof).toString('hex')).toBe(vector.derived.message_hash);
    expect(verifyTonProof(proof, policyOf(vector))).toEqual({
      ok: true,
      value: {
        status: 'proven',
        address: vector.address,
        publicKey: vector.derived.key_in_state_init,
        wallet: vector.derived.wallet_version,
      },
    });
  });

  it.each(Object.entries(broken))('refuses %s: %s', (id, code) => {
    const vector = tonProofVectors.vectors.find((one) => one.id === id) as TonProofVector;
    const proof = readTonProof(vector);
    const verdict = proof.ok ? verifyTonProof(proof.value, policyOf(vector)) : proof;

    expect(verdict).toEqual({ ok: false, code });
    expect(valid).toHaveLength(tonProofVectors.vectors.length - Object.keys(broken).length);
  });

  it('takes any address where the challenge named none', () => {
    expect(verdictOf(honest, { address: null })).toBe('proven');
  });

  it.each([
    ['the masterchain', -1, '-239'],
    ['the test network', 0, '-3'],
  ])('accepts a wallet of %s', (_, workchain, network) => {
    const wallet = WalletContractV4.create({ workchain, publicKey });
    const account = tonAccount(signer, wallet, { payload, network });

    expect(account.address).toMatch(workchain === 0 ? /^0:/ : /^-1:/);
    expect(
      verdictOf(account, { address: wallet.address.toRawString(), network: network as '-239' | '-3' }),
    ).toBe('proven');
  });

  it.each<[string, string, Partial<TonProofPolicy>]>([
    ['another payload', 'wallet.payload_mismatch', { payload: `${payload}x` }],
    ['a payload that its own begins with', 'wallet.payload_mismatch', { payload: 'an-issued' }],
    ['the payload in capitals', 'wallet.payload_mismatch', { payload: payload.toUpperCase() }],
    ['another network', 'wallet.network_mismatch', { network: '-3' }],
    ['another address', 'wallet.address_mismatch', { address: `0:${'0'.repeat(64)}` }],
    [
      'the same hash in the masterchain',
      'wallet.address_mismatch',
      { address: `-1:${v4.address.hash.toString('hex')}` },
    ],
    ['another domain', 'wallet.domain_mismatch', { domain: 'evil.example' }],
    ['a domain that its own ends with', 'wallet.domain_mismatch', { domain: 'ample.com' }],
    ['the domain in capitals', 'wallet.domain_mismatch', { domain: 'Example.com' }],
    ['a domain below it', 'wallet.domain_mismatch', { domain: 'a.example.com' }],
    ['the domain with a dot', 'wallet.domain_mismatch', { domain: 'example.com.' }],
    ['a domain that looks like it', 'wallet.domain_mismatch', { domain: 'ex\u0430mple.com' }],
  ])('refuses a proof when the challenge had %s', (_, code, changes) => {
    expect(verdictOf(honest, changes)).toBe(code);
  });

  it('takes an address of the test network for nothing else', () => {
    const of = (testOnly: boolean) => ({ ...honest, address: v4.address.toString({ testOnly }) });

    expect(verdictOf(of(false))).toBe('proven');
    expect(verdictOf(of(true))).toBe('wallet.network_mismatch');
    expect(verdictOf({ ...of(true), network: '-3' }, { network: '-3' })).toBe('proven');
    expect(verdictOf({ ...of(false), network: '-3' }, { network: '-3' })).toBe('proven');
  });

  it('checks the date to the second, and ten minutes beyond it', () => {
    const at = (issued: number, now: number) =>
      verdictOf(honest, {
        issuedAt: new Date((PROVEN_AT + issued) * 1000),
        now: new Date((PROVEN_AT + now) * 1000),
      });

    expect(at(600, 700)).toBe('proven');
    expect(at(601, 700)).toBe('wallet.proof_expired');
    expect(at(-700, -600)).toBe('proven');
    expect(at(-700, -601)).toBe('wallet.proof_in_future');
  });

  it('takes milliseconds for a date in the future', () => {
    const inMilliseconds = tonAccount(signer, v4, { payload, timestamp: PROVEN_AT * 1000 });

    expect(verdictOf(inMilliseconds)).toBe('wallet.proof_in_future');
  });

  it('looks at the payload before anything else, and at the signature last', () => {
    const nothingFits = { ...honest, network: '-3', walletStateInit: 'AAAA' };

    expect(verdictOf(nothingFits, { payload: 'other', domain: 'other' })).toBe('wallet.payload_mismatch');
    expect(verdictOf(nothingFits)).toBe('wallet.network_mismatch');
    expect(verdictOf({ ...nothingFits, network: '-239' })).toBe('wallet.state_init_malformed');
  });

  describe('the key', () => {
    const withoutKey = { ...honest, publicKey: undefined };
    const withoutState = { ...honest, walletStateInit: undefined };

    it('may be left out, where the state init names it', () => {
      expect(verdictOf(withoutKey)).toBe('proven');
    });

    it('of the chain, of the state init and of the claim are one', () => {
      expect(verdictOf(withoutState, { publicKey: stranger.publicKey })).toBe('wallet.public_key_mismatch');
      expect(verdictOf(withoutKey, { publicKey: stranger.publicKey })).toBe('wallet.public_key_mismatch');
      expect(verdictOf({ ...honest, publicKey: stranger.publicKey.toString('hex') })).toBe(
        'wallet.public_key_mismatch',
      );
    });

    it('that is claimed proves nothing: a stranger signs for an address of another', () => {
      const { proof, publicKey: claimed } = tonAccount(stranger, v4, { payload });

      expect(verdictOf({ ...honest, proof, publicKey: claimed })).toBe('wallet.public_key_mismatch');
      expect(verdictOf({ ...honest, proof, publicKey: claimed, walletStateInit: undefined })).toBe(
        'needs-public-key',
      );
      expect(verdictOf({ ...honest, proof, publicKey: undefined })).toBe('wallet.signature_invalid');
      expect(
        verdictOf({ ...honest, proof, publicKey: undefined, walletStateInit: undefined }, { publicKey }),
      ).toBe('wallet.signature_invalid');
    });

    it("of a stranger's own state init is not that of the address", () => {
      const other = WalletContractV4.create({ workchain: 0, publicKey: stranger.publicKey });
      const { proof, publicKey: claimed, walletStateInit } = tonAccount(stranger, other, { payload });

      expect(verdictOf({ ...honest, proof, publicKey: claimed, walletStateInit })).toBe(
        'wallet.state_init_mismatch',
      );
    });

    it('that is claimed is tried before the chain is asked', () => {
      const signature = Buffer.alloc(64, 1).toString('base64');
      const wrong = { ...withoutState, proof: { ...honest.proof, signature } };

      expect(verdictOf(wrong)).toBe('wallet.signature_invalid');
    });

    it.each(['00'.repeat(32), `01${'00'.repeat(31)}`, `${'00'.repeat(31)}80`])(
      'of the chain is refused when anybody can sign for it: %s',
      (weak) => {
        // R is the neutral element and S is zero: true for each message under the first, often under the others.
        const signature = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]).toString('base64');
        const forged = { ...withoutState, publicKey: undefined, proof: { ...honest.proof, signature } };

        expect(verdictOf(forged, { publicKey: Buffer.from(weak, 'hex') })).toBe('wallet.public_key_weak');
      },
    );
  });

  describe('the key of the wallet inside Telegram', () => {
    const wallet = telegramWallet(publicKey);
    const { address } = wallet;
    const own = { address: address.toRawString() };
    const current = tonSigner(9);
    const byAnchor = tonAccount(signer, wallet, { payload });

    it('never is a retired one', () => {
      const rotated = { ...own, publicKey: current.publicKey };

      expect(verdictOf(byAnchor, rotated)).toBe('wallet.public_key_mismatch');
      expect(verdictOf({ ...byAnchor, publicKey: undefined }, rotated)).toBe('wallet.signature_invalid');
      expect(verdictOf({ ...byAnchor, publicKey: current.publicKey.toString('hex') }, rotated)).toBe(
        'wallet.signature_invalid',
      );
    });

    it.each([
      ['of another network', telegramWallet(publicKey, '-3')],
      ['of another revision', telegramWallet(publicKey, '-239', { revision: 1 })],
    ])('is not read from a state init %s, deployed or not', (_, other) => {
      const its = { address: other.address.toRawString() };
      const account = tonAccount(signer, other, { payload });

      expect(verdictOf(account, { ...its, isUndeployed: true })).toBe('needs-public-key');
      expect(outcomeOf(account, { ...its, publicKey })).toMatchObject({ status: 'proven', wallet: null });
    });
  });

  it('reads no other wallet by its being undeployed', () => {
    expect(verdictOf({ ...honest, walletStateInit: undefined }, { isUndeployed: true })).toBe(
      'needs-public-key',
    );
  });

  describe('what was signed', () => {
    it('is refused with S and the order of the group', () => {
      const signature = withOrderAdded(Buffer.from(honest.proof.signature, 'base64')).toString('base64');

      expect(verdictOf({ ...honest, proof: { ...honest.proof, signature } })).toBe(
        'wallet.signature_invalid',
      );
    });

    it('is the address too: the same key has others', () => {
      const v5 = WalletContractV5R1.create({ publicKey });
      const moved = { ...tonAccount(signer, v5, { payload }), proof: honest.proof };

      expect(verdictOf(moved, { address: null })).toBe('wallet.signature_invalid');
    });

    it('has no room between domain and payload', () => {
      const domain = `${PROOF_DOMAIN}.evil`;
      const { proof } = tonAccount(signer, v4, { payload, domain });

      expect(verdictOf({ ...honest, proof })).toBe('wallet.domain_mismatch');
      expect(verdictOf({ ...honest, proof: { ...proof, domain: honest.proof.domain } })).toBe(
        'wallet.signature_invalid',
      );
    });

    it('is counted in bytes, where a domain has more than ASCII', () => {
      const domain = 'bücher.example';
      const account = tonAccount(signer, v4, { payload, domain });

      expect(account.proof.domain.lengthBytes).toBe(15);
      expect(verdictOf(account, { domain })).toBe('proven');
      expect(verdictOf(account, { domain: 'bu\u0308cher.example' })).toBe('wallet.domain_mismatch');
    });
  });

  it.each<[Partial<TonProofPolicy>, string]>([
    [{ payload: '' }, 'payload and domain must not be empty'],
    [{ domain: '' }, 'payload and domain must not be empty'],
    [{ now: new Date(NaN) }, 'now must be a valid date'],
    [{ issuedAt: new Date(NaN) }, 'issuedAt must be a valid date'],
    [{ publicKey: Buffer.alloc(31) }, 'publicKey must have 32 bytes'],
  ])('does not work with a policy that would check nothing: %p', (wrong, message) => {
    expect(() => outcomeOf(honest, wrong)).toThrow(new RangeError(message));
  });
});

/** A second S for one signature: RFC 8032 refuses it. */
function withOrderAdded(bytes: Buffer): Buffer {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + order;
  return Buffer.concat([
    bytes.subarray(0, 32),
    Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse(),
  ]);
}

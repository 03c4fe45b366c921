import { generateKeyRing, KeyRing } from '@countersign/crypto';
import { addressOn, publicKeysOf } from '@countersign/wallet-keys';
import { ForeignRow, WalletSeal } from './sealed-wallet';
import { assertActing } from './wallet-state';

const NOW = new Date('2026-11-26T09:00:00Z');
const [ID, OTHER] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
const aRing = () => KeyRing.parse(JSON.stringify(generateKeyRing()));

describe('a sealed wallet', () => {
  const seal = new WalletSeal(aRing());
  const made = seal.newWallet(ID, { sequence: '7', environment: 'test' }, NOW);
  const row = { ...made, id: ID, changedBy: '7', isBraked: false, releasedBy: null, restoredBy: null };

  const released = (sequence: string) => `5/${seal.releaseDigests(sequence)[0]?.toString('hex')}`;

  it('has the keys of its public state, and opens under another key of the ring', () => {
    const wallet = seal.opened(seal.sealedAgain(row));

    expect(
      publicKeysOf(seal.withKeys(row, ({ evm, ton }) => ({ evm: Buffer.from(evm), ton: Buffer.from(ton) }))),
    ).toEqual({ evmAddress: wallet.evmAddress, tonPublicKey: wallet.tonPublicKey });
    expect(addressOn(wallet, 'eip155:1')).toBe(wallet.evmAddress.toLowerCase());
    expect(wallet).toMatchObject({ owner: null, frozenAt: null, createdAt: NOW.toISOString() });
  });

  it.each([
    ['an earlier state', { ...row, changedBy: '8' }],
    ['the state of another wallet', { ...row, id: OTHER }],
    ['another sealed value', { ...row, state: made.keys }],
    ['a release that was another entry', { ...row, releasedBy: released('4') }],
  ])('is foreign with %s', (_, foreign) => {
    expect(() => seal.opened(foreign)).toThrow(ForeignRow);
    expect(seal.unforged([foreign, row])).toHaveLength(1);
  });

  it('is away without the key of its values', () => {
    expect(() => new WalletSeal(aRing()).opened(row)).toThrow('away');
  });

  it.each([
    ['wallet_destroyed', { destroyedAt: NOW.toISOString(), isBraked: true }],
    ['braked', { isBraked: true, frozenAt: NOW.toISOString() }],
    ['wallet_frozen', { frozenAt: NOW.toISOString() }],
  ])('does nothing: %s', (code, changes) => {
    const wallet = seal.opened({ ...row, releasedBy: released('5') });
    assertActing(wallet);
    expect(() => assertActing({ ...wallet, ...changes })).toThrow(code);
  });
});

import { beginCell, Cell, Dictionary, type StateInit, storeStateInit } from '@ton/core';
import * as ton from '@ton/ton';
import { telegramWallet, type TelegramWalletData } from '../../testing/telegram-wallet';
import { tonSigner } from '../../testing/ton-signer';
import { tonProofVectors } from '../../testing/vectors';
import { readTonAddress, type TonAddress } from './ton-address';
import { readTonStateInit } from './verify-ton-proof';
import { tonWalletLayout, tonWalletNames } from './ton-wallets';

const { publicKey } = tonSigner(7);
const workchain = 0;

function contractsOf(publicKey: Buffer) {
  return {
    v1r1: ton.WalletContractV1R1.create({ workchain, publicKey }),
    v1r2: ton.WalletContractV1R2.create({ workchain, publicKey }),
    v1r3: ton.WalletContractV1R3.create({ workchain, publicKey }),
    v2r1: ton.WalletContractV2R1.create({ workchain, publicKey }),
    v2r2: ton.WalletContractV2R2.create({ workchain, publicKey }),
    v3r1: ton.WalletContractV3R1.create({ workchain, publicKey }),
    v3r2: ton.WalletContractV3R2.create({ workchain, publicKey }),
    v4r2: ton.WalletContractV4.create({ workchain, publicKey }),
    // oxlint-disable-next-line typescript/no-deprecated -- such wallets are in use all the same
    v5beta: ton.WalletContractV5Beta.create({ publicKey }),
    v5r1: ton.WalletContractV5R1.create({ publicKey }),
    telegram: telegramWallet(publicKey),
  };
}

const contracts = contractsOf(publicKey);
const { v4r2, v5r1, v5beta } = contracts;

function cellOf(init: StateInit): Cell {
  return beginCell().store(storeStateInit(init)).endCell();
}

function addressOf(root: Cell): TonAddress {
  const address = readTonAddress(`0:${root.hash().toString('hex')}`);
  if (!address.ok) throw new Error(address.code);
  return address.value;
}

function verdictOf(root: Cell, address = addressOf(root), network: '-239' | '-3' = '-239'): string {
  const state = readTonStateInit(root.toBoc(), address, network);
  if (!state.ok) return state.code;
  const wallet = state.value;
  return wallet ? `${wallet.name} ${wallet.publicKey.toString('hex')}` : 'unknown';
}

/** Data with some of its bits replaced. */
function changed(data: Cell, place: number, bits: string): Cell {
  const builder = beginCell();
  for (let at = 0; at < data.bits.length; at++) {
    const bit = bits[at - place];
    builder.storeBit(bit === undefined ? data.bits.at(at) : bit === '1');
  }
  return data.refs.reduce((to, ref) => to.storeRef(ref), builder).endCell();
}

describe('readTonStateInit', () => {
  it('reads a key that ends with either bit, which says something in data with a dictionary', () => {
    const keys = [5, 7].map((seed) => tonSigner(seed).publicKey);

    expect(keys.map((key) => (key.at(-1) ?? 0) & 1)).toEqual([1, 0]);
    for (const key of keys)
      for (const [name, { init }] of Object.entries(contractsOf(key)))
        expect(verdictOf(cellOf(init))).toBe(`${name} ${key.toString('hex')}`);
  });

  it('knows each published hash of code, by its name', () => {
    const known = Object.entries(tonProofVectors.known_code_hashes);

    expect(known.map(([hash]) => tonWalletLayout(hash)?.name)).toEqual(known.map(([, name]) => name));
    expect([...known.map(([, name]) => name), 'telegram']).toEqual([...tonWalletNames]);
  });

  it.each([
    ['a test network', ton.WalletContractV5R1.create({ publicKey, walletId: { networkGlobalId: -3 } })],
    ['the masterchain', ton.WalletContractV5R1.create({ publicKey, workchain: -1 })],
  ])('reads the key of a v5r1 of %s', (_, { init }) => {
    expect(verdictOf(cellOf(init))).toBe(`v5r1 ${publicKey.toString('hex')}`);
  });

  it.each<[string, { code: Cell; data: Cell }, number]>([
    ['v4r2', v4r2.init, 0],
    ['v5beta', v5beta.init, 1],
    ['v5r1', v5r1.init, 1],
  ])('reads data of a %s that has begun to count, and a dictionary', (name, init, counterAt) => {
    const extensions = Dictionary.empty(Dictionary.Keys.BigUint(256), Dictionary.Values.BigInt(1)).set(
      1n,
      -1n,
    );
    const counted = changed(init.data, counterAt, '1'.repeat(32));
    const bits = counted.asSlice().loadBits(counted.bits.length - 1);
    const data = beginCell().storeBits(bits).storeDict(extensions).endCell();

    expect(verdictOf(cellOf({ ...init, data }))).toBe(`${name} ${publicKey.toString('hex')}`);
  });

  it.each([
    ['v5r1', v5r1.init, '0'],
    ['v5beta', v5beta.init, '1'],
  ])('refuses a %s whose signatures are off from the start', (_, init, off) => {
    expect(verdictOf(cellOf({ ...init, data: changed(init.data, 0, off) }))).toBe(
      'wallet.signature_not_allowed',
    );
  });

  it.each<[string, Cell]>([
    ['a bit more', beginCell().storeBits(v4r2.init.data.bits).storeBit(0).endCell()],
    ['a bit less', beginCell().storeBits(v4r2.init.data.bits.substring(0, 320)).endCell()],
    ['a reference more', beginCell().storeBits(v4r2.init.data.bits).storeRef(Cell.EMPTY).endCell()],
    ['a dictionary that is not there', changed(v4r2.init.data, 320, '1')],
    ['nothing', Cell.EMPTY],
  ])('refuses data of a known wallet with %s', (_, data) => {
    expect(verdictOf(cellOf({ code: v4r2.init.code, data }))).toBe('wallet.state_init_malformed');
  });

  describe('of the wallet inside Telegram', () => {
    it('has the published hash of code, and a key that rotates', () => {
      const { init } = contracts.telegram;
      const root = cellOf(init);

      expect(init.code.hash().toString('hex')).toBe(
        '9149ae51c1e4689710cebf7830297b16acfbadb363a920a537893e7ffeeca768',
      );
      expect(readTonStateInit(root.toBoc(), addressOf(root), '-239')).toEqual({
        ok: true,
        value: { name: 'telegram', publicKey, keyRotates: true },
      });
    });

    it('has the hash of data that another implementation gives', () => {
      const of = { seqno: 0x0102_0304, subwalletId: 0x7fff_7ffd };
      const { data } = telegramWallet(Buffer.alloc(32, 0x11), '-3', of).init;

      expect(data.hash().toString('hex')).toBe(
        '879617849c5eb8056d68eeb4fa84d090bfc11123e069740b854f3678f8678d64',
      );
    });

    it('has the subwallet id of its network', () => {
      const roots = [telegramWallet(publicKey, '-239'), telegramWallet(publicKey, '-3')].map(({ init }) =>
        cellOf(init),
      );
      const verdicts = (['-239', '-3'] as const).map((network) =>
        roots.map((root) => verdictOf(root, addressOf(root), network)),
      );
      const read = `telegram ${publicKey.toString('hex')}`;

      expect(verdicts).toEqual([
        [read, 'unknown'],
        ['unknown', read],
      ]);
    });

    it.each<[string, TelegramWalletData]>([
      ['another revision', { revision: 1 }],
      ['a number of messages that were sent', { seqno: 1 }],
      ['a subwallet id of its own', { subwalletId: 1 }],
    ])('is not read with %s', (_, data) => {
      expect(verdictOf(cellOf(telegramWallet(publicKey, '-239', data).init))).toBe('unknown');
    });

    it('is refused with a bit more, or with a reference', () => {
      const { code, data } = contracts.telegram.init;
      const withReference = beginCell().storeBits(data.bits).storeRef(Cell.EMPTY).endCell();

      expect(verdictOf(cellOf(telegramWallet(publicKey, '-239', { isLonger: true }).init))).toBe(
        'wallet.state_init_malformed',
      );
      expect(verdictOf(cellOf({ code, data: withReference }))).toBe('wallet.state_init_malformed');
    });
  });

  const { code, data } = v4r2.init;
  const library = beginCell().storeUint(1, 8).endCell();
  const ofCells = (bits: number, ...refs: readonly Cell[]): Cell =>
    refs.reduce((to, ref) => to.storeRef(ref), beginCell().storeUint(bits, 5)).endCell();
  it.each<[string, Cell]>([
    ['without code', cellOf({ data })],
    ['without data', cellOf({ code })],
    ['of code that is not known', cellOf({ code: library, data })],
    ['whose code and data changed places', cellOf({ code: data, data: code })],
    ['with a split depth', cellOf({ ...v4r2.init, splitDepth: 1 })],
    ['that is called by the clock', cellOf({ ...v4r2.init, special: { tick: true, tock: false } })],
    ['with libraries', ofCells(0b00111, code, data, library)],
    ['with a reference more', ofCells(0b00110, code, data, Cell.EMPTY)],
  ])('does not judge a state init %s', (_, root) => {
    expect(verdictOf(root)).toBe('unknown');
  });

  it('refuses a state init whose hash is not the address', () => {
    const root = cellOf(v4r2.init);
    const other = addressOf(cellOf(v5r1.init));

    expect(verdictOf(root, other)).toBe('wallet.state_init_mismatch');
    expect(verdictOf(root, { ...addressOf(root), hash: Buffer.alloc(32) })).toBe(
      'wallet.state_init_mismatch',
    );
  });

  it('refuses a pruned cell in the place of code, whose hash it bears', () => {
    const pruned = beginCell()
      .storeUint(1, 8)
      .storeUint(1, 8)
      .storeBuffer(v4r2.init.code.hash())
      .storeUint(v4r2.init.code.depth(), 16)
      .endCell({ exotic: true });
    const root = beginCell().storeUint(0b00110, 5).storeRef(pruned).storeRef(v4r2.init.data).endCell();

    expect(pruned.hash(0)).toEqual(v4r2.init.code.hash());
    expect(root.hash(0)).toEqual(cellOf(v4r2.init).hash());
    expect(verdictOf(root)).toBe('wallet.state_init_malformed');
    expect(verdictOf(root, addressOf(cellOf(v4r2.init)))).toBe('wallet.state_init_malformed');
  });

  it('refuses an exotic cell in the place of data, or of all', () => {
    const library = beginCell().storeUint(2, 8).storeBuffer(v4r2.init.data.hash()).endCell({ exotic: true });

    expect(verdictOf(cellOf({ code: v4r2.init.code, data: library }))).toBe('wallet.state_init_malformed');
    expect(verdictOf(library)).toBe('wallet.state_init_malformed');
  });

  it('does not know code by a library cell that names it', () => {
    const library = beginCell().storeUint(2, 8).storeBuffer(v4r2.init.code.hash()).endCell({ exotic: true });

    expect(verdictOf(cellOf({ code: library, data: v4r2.init.data }))).toBe('unknown');
  });
});

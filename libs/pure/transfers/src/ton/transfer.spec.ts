import {
  Address,
  beginCell,
  Cell,
  Dictionary,
  external,
  internal,
  SendMode,
  storeMessage,
  storeMessageRelaxed,
  storeOutList,
  type Builder,
  type CommonMessageInfoRelaxedInternal,
  type MessageRelaxed,
  type OutAction,
} from '@ton/core';
import { keyPairFromSeed, sign } from '@ton/crypto';
import { WalletContractV5R1 } from '@ton/ton';
import { messageOf, sendOf, type TonSend } from './messages';
import { normalizedHash, readTonExternalMessage, tonExternalMessage } from './external-message';
import {
  readTonTransfer,
  tonTransferDigest,
  tonTransferPayload,
  tonWalletIdOf,
  type TonTransfer,
} from './transfer';

const raw = (byte: string): string => `0:${byte.repeat(32)}`;
const [STRANGER, OWN_JETTONS, ITEM] = [raw('cd'), raw('ef'), raw('12')];
const { publicKey, secretKey } = keyPairFromSeed(Buffer.alloc(32, 7));
const walletIn = (networkGlobalId: -239 | -3, subwalletNumber = 0): WalletContractV5R1 =>
  WalletContractV5R1.create({
    publicKey,
    walletId: { networkGlobalId, context: { walletVersion: 'v5r1', workchain: 0, subwalletNumber } },
  });
const wallet = walletIn(-239);
const owner = wallet.address.toRawString();

const coin: TonSend = { kind: 'coin', to: STRANGER, amount: 1_500_000_000n, bounce: false, comment: null };
const attached = { attached: 50_000_000n, forward: 1n, responseTo: owner, queryId: 7n };
const jetton: TonSend = {
  kind: 'jetton',
  jettonWallet: OWN_JETTONS,
  to: STRANGER,
  amount: 5n,
  comment: null,
  ...attached,
};
const item: TonSend = { kind: 'collectible', item: ITEM, to: STRANGER, ...attached };
const sends: readonly TonSend[] = [
  coin,
  { ...coin, bounce: true, comment: 'Zürich' },
  { ...coin, amount: 2n ** 120n - 1n, comment: 'x'.repeat(1_024) },
  { ...coin, to: `-1:${'cd'.repeat(32)}`, amount: 0n },
  jetton,
  { ...jetton, comment: 'for tea', forward: 0n, queryId: 2n ** 64n - 1n },
  item,
];

const transfer: TonTransfer = {
  network: -239,
  seqno: 3,
  validUntil: 1_800_000_000,
  messages: [messageOf(coin)],
};

/** What `@ton/ton` signs and makes for the same. */
async function reference({ network, seqno, validUntil: timeout }: TonTransfer, messages: MessageRelaxed[]) {
  let signed = new Cell();
  const body = await walletIn(network).createTransfer({
    ...{ seqno, timeout, messages, sendMode: SendMode.PAY_GAS_SEPARATELY },
    signer: (cell) => {
      signed = cell;
      return Promise.resolve(sign(cell.hash(), secretKey));
    },
  });
  return { signed, body };
}

describe('a transfer', () => {
  it.each([
    ['the first one', { ...transfer, seqno: 0 }],
    ['a later one', transfer],
    ['of the test network', { ...transfer, network: -3 as const }],
    ['of all kinds at once', { ...transfer, messages: sends.map(messageOf) }],
  ])('has the bytes that @ton/ton signs: %s', async (_, given) => {
    const messages = given.messages.map(({ to, ...rest }) => internal({ to: Address.parseRaw(to), ...rest }));
    const { signed, body } = await reference(given, messages);

    const payload = tonTransferPayload(given);
    const { boc } = tonExternalMessage(owner, payload, sign(signed.hash(), secretKey), wallet.init);

    expect(payload).toEqual(signed.toBoc());
    expect(boc).toEqual(
      beginCell()
        .store(storeMessage(external({ to: wallet.address, init: wallet.init, body })))
        .endCell()
        .toBoc(),
    );
  });

  it('has the comment that @ton/core writes', () => {
    const { body } = internal({ to: STRANGER, value: 1n, bounce: true, body: 'Zürich' });

    expect(messageOf({ ...coin, comment: 'Zürich' }).body.toBoc()).toEqual(body.toBoc());
  });

  it.each<[string, Partial<TonTransfer>]>([
    ['without messages', { messages: [] }],
    ['of 256 messages', { messages: Array(256).fill(messageOf(coin)) }],
    ['of a negative number', { seqno: -1 }],
    ['of a number beyond 32 bits', { seqno: 2 ** 32 }],
    ['that is valid too long', { validUntil: 2 ** 32 }],
    ['to an address that people see', { messages: [{ ...messageOf(coin), to: wallet.address.toString() }] }],
    ['of more coins than there can be', { messages: [{ ...messageOf(coin), value: 2n ** 120n }] }],
    ['of fewer coins than none', { messages: [{ ...messageOf(coin), value: -1n }] }],
  ])('is none %s', (_, part) => {
    expect(() => tonTransferPayload({ ...transfer, ...part })).toThrow();
  });

  it.each(['', 'x'.repeat(1_025), '\ud800'])('has no comment %#', (comment) => {
    expect(() => messageOf({ ...coin, comment })).toThrow(RangeError);
  });
});

describe('a body that is no transfer of ours', () => {
  const [to, validUntil] = [Address.parseRaw(STRANGER), 1_800_000_000];
  const internalMessage = internal({ to, value: 1n });
  const common = { seqno: 3, timeout: validUntil, authType: 'external' } as const;
  const sending = (outMsg: MessageRelaxed, mode = 3) => ({ type: 'sendMsg', mode, outMsg }) as const;

  /** As `@ton/ton` would have it signed. */
  async function asked(request: Partial<Parameters<WalletContractV5R1['createRequest']>[0]>, of = wallet) {
    let signed = new Cell();
    const signer = (cell: Cell): Promise<Buffer> => {
      signed = cell;
      return Promise.resolve(Buffer.alloc(64));
    };
    const made: unknown = of.createRequest({ ...common, actions: [], ...request, signer } as never);
    await Promise.resolve(made);
    return signed;
  }
  /** The body with these cells of actions. */
  const body = (actions: Cell | null, more: (body: Builder) => Builder = (body) => body): Promise<Cell> =>
    Promise.resolve(
      more(
        beginCell()
          .storeUint(0x7369676e, 32)
          .storeInt(tonWalletIdOf(-239), 32)
          .storeUint(validUntil, 32)
          .storeUint(3, 32)
          .storeMaybeRef(actions)
          .storeBit(false),
      ).endCell(),
    );
  const listOf = (...actions: OutAction[]): Cell => beginCell().store(storeOutList(actions)).endCell();
  const toOutside: MessageRelaxed = {
    info: { type: 'external-out', createdAt: 0, createdLt: 0n },
    body: Cell.EMPTY,
  };
  const info = { ...internalMessage.info } as CommonMessageInfoRelaxedInternal;
  const withInfo = (part: Partial<CommonMessageInfoRelaxedInternal>): MessageRelaxed => ({
    ...internalMessage,
    info: { ...info, ...part },
  });
  const extra = Dictionary.empty(Dictionary.Keys.Uint(32), Dictionary.Values.BigVarUint(5)).set(1, 5n);

  const sent = sending(internalMessage);
  const noSignatures = { type: 'setIsPublicKeyEnabled', isEnabled: false } as never;
  /** A list of one action, written out. */
  const listAfter = (end: Cell, options: { readonly forceRef?: boolean } = {}): Cell =>
    beginCell()
      .storeRef(end)
      .storeUint(0x0ec3c86d, 32)
      .storeUint(3, 8)
      .storeRef(beginCell().store(storeMessageRelaxed(internalMessage, options)).endCell())
      .endCell();
  const exotic = new Cell({
    exotic: true,
    bits: beginCell().storeUint(2, 8).storeUint(0, 256).asCell().bits,
  });

  it.each<[string, () => Promise<Cell>]>([
    ['adds an extension', () => asked({ actions: [{ type: 'addExtension', address: to }] })],
    ['removes an extension', () => asked({ actions: [{ type: 'removeExtension', address: to }] })],
    ['forbids signatures', () => asked({ actions: [noSignatures] })],
    ['sends, and adds an extension', () => asked({ actions: [sent, { type: 'addExtension', address: to }] })],
    ['does nothing', () => asked({})],
    ['is for an internal message', () => asked({ authType: 'internal', actions: [sent] })],
    ['is of another wallet of the key', () => asked({ actions: [sent] }, walletIn(-239, 1))],
    ['sets code', () => body(listOf({ type: 'setCode', newCode: Cell.EMPTY }))],
    ['reserves coins', () => body(listOf({ type: 'reserve', mode: 2, currency: { coins: 1n } }))],
    ['sends, and sets code', () => body(listOf(sent, { type: 'setCode', newCode: Cell.EMPTY }))],
    ['sends the whole balance', () => body(listOf(sending(internalMessage, 128 + 3)))],
    ['sends what is left of a message', () => body(listOf(sending(internalMessage, 64 + 3)))],
    ['destroys the wallet', () => body(listOf(sending(internalMessage, 128 + 32 + 3)))],
    ['bounces a failed action', () => body(listOf(sending(internalMessage, 16 + 3)))],
    ['takes fees from the value', () => body(listOf(sending(internalMessage, 2)))],
    ['fails with an action', () => body(listOf(sending(internalMessage, 1)))],
    ['sends to the outside', () => body(listOf(sending(toOutside)))],
    ['deploys another contract', () => body(listOf(sending({ ...internalMessage, init: wallet.init })))],
    ['sends another currency', () => body(listOf(sending(withInfo({ value: { coins: 1n, other: extra } }))))],
    ['names a sender', () => body(listOf(sending(withInfo({ src: wallet.address }))))],
    ['says that it bounced', () => body(listOf(sending(withInfo({ bounced: true }))))],
    ['sets fees', () => body(listOf(sending(withInfo({ forwardFee: 1n }))))],
    ['sends to another workchain', () => body(listOf(sending(withInfo({ dest: new Address(7, to.hash) }))))],
    ['has bits behind it', () => body(listOf(sent), (body) => body.storeBit(true))],
    ['has a cell behind it', () => body(listOf(sent), (body) => body.storeRef(Cell.EMPTY))],
    ['is signed already', () => body(listOf(sent), (body) => body.storeBuffer(Buffer.alloc(64)))],
    ['has bits in the end of its list', () => body(listAfter(beginCell().storeBit(true).endCell()))],
    ['has the body of its message elsewhere', () => body(listAfter(Cell.EMPTY, { forceRef: true }))],
    ['has its actions in an exotic cell', () => body(exotic)],
    ['sends more than 255 messages', () => body(listOf(...Array<OutAction>(1_100).fill(sent)))],
  ])('is not read when it %s', async (_, made) => {
    expect(readTonTransfer((await made()).toBoc())).toBeNull();
  });

  it('is not read from what is no bag of one cell', async () => {
    const whole = tonTransferPayload(transfer);

    expect(readTonTransfer(whole)).not.toBeNull();
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.alloc(32, 7),
      whole.subarray(1),
      Buffer.concat([whole, Buffer.of(0)]),
    ])
      expect(readTonTransfer(bytes)).toBeNull();
  });
});

describe('a message that is not ours', () => {
  const bodyOf = (send: TonSend): ReturnType<typeof beginCell> => messageOf(send).body.asBuilder();
  const cell = (bits: number): Cell => beginCell().storeUint(bits, 32).endCell();
  const transferWith = (response: Address | null, custom: Cell | null): Cell =>
    beginCell()
      .storeUint(0x0f8a7ea5, 32)
      .storeUint(7, 64)
      .storeCoins(5)
      .storeAddress(Address.parseRaw(STRANGER))
      .storeAddress(response)
      .storeMaybeRef(custom)
      .storeCoins(1)
      .storeBit(false)
      .endCell();

  it.each<[string, Cell]>([
    ['an empty comment', cell(0)],
    ['half an operation code', beginCell().storeUint(0, 16).endCell()],
    ['an unknown operation', cell(0x595f07bc)],
    ['a reference beside nothing', beginCell().storeRef(Cell.EMPTY).endCell()],
    ['a comment that is no UTF-8', beginCell().storeUint(0, 32).storeUint(0xff, 8).endCell()],
    ['half a transfer', cell(0x0f8a7ea5)],
    ['bits behind a transfer', bodyOf(jetton).storeBit(false).endCell()],
    ['a cell behind a transfer', bodyOf(jetton).storeRef(Cell.EMPTY).endCell()],
    [
      'a cell behind a comment',
      bodyOf({ ...coin, comment: 'a' })
        .storeRef(Cell.EMPTY)
        .endCell(),
    ],
    ['a custom payload', transferWith(wallet.address, Cell.EMPTY)],
    ['no address for what is left', transferWith(null, null)],
  ])('is not read: %s', (_, body) => {
    expect(sendOf({ ...messageOf(jetton), body })).toBeNull();
  });

  it('is not read when jettons would not bounce', () => {
    expect(sendOf({ ...messageOf(jetton), bounce: false })).toBeNull();
  });
});

describe('the normalised hash', () => {
  // TEP-467, written out: ext_in_msg_info$10, no source, the address, no fee, no init, the body by reference.
  it('is that of the message without source, fee and state', async () => {
    const { body, signed } = await reference(transfer, [
      internal({ to: STRANGER, value: 1_500_000_000n, bounce: false }),
    ]);
    const expected = beginCell()
      .storeUint(0b10, 2)
      .storeUint(0, 2)
      .storeAddress(wallet.address)
      .storeCoins(0)
      .storeBit(false)
      .storeBit(true)
      .storeRef(body)
      .endCell()
      .hash()
      .toString('hex');

    const signature = sign(signed.hash(), secretKey);
    const made = [null, wallet.init].map((init) =>
      tonExternalMessage(owner, tonTransferPayload(transfer), signature, init),
    );

    expect(made.map(({ hash }) => hash)).toEqual([expected, expected]);
    const read = made.map(({ boc }) => readTonExternalMessage(boc));
    expect(read.map(({ hash }) => hash)).toEqual([expected, expected]);
    expect(read.map((one) => tonTransferDigest(one.transfer))).toEqual([signed.hash(), signed.hash()]);
    expect(() => readTonExternalMessage(tonTransferPayload(transfer))).toThrow();
    expect(normalizedHash(owner, body)).toBe(expected);
  });
});

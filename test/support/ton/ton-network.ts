import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Address,
  beginCell,
  Cell,
  contractAddress,
  internal,
  SendMode,
  toNano,
  type MessageRelaxed,
  type StateInit,
  type Transaction,
  type TupleItem,
} from '@ton/core';
import {
  Blockchain,
  EmulationError,
  GetMethodError,
  type SandboxContract,
  type TreasuryContract,
} from '@ton/sandbox';
import type { WalletContractV4, WalletContractV5R1 } from '@ton/ton';

type Codes = Readonly<Record<'jettonMinter' | 'jettonWallet' | 'nftCollection' | 'nftItem', string>>;

const codes = JSON.parse(readFileSync(join(__dirname, '../../contracts/ton/codes.json'), 'utf8')) as Codes;
const codeOf = (name: keyof Codes): Cell => Cell.fromBase64(codes[name]);

/** What rules of custody say of the wallets of its jettons. */
export const JETTON = {
  ...{ kind: 'tep74', codeHash: codeOf('jettonWallet').hash().toString('hex') },
  codeDepth: codeOf('jettonWallet').depth(),
};

/** The words that messages begin with: TEP-74 and TEP-62. */
export const OPS = {
  transfer: 0x0f8a7ea5,
  notification: 0x7362d09c,
  internalTransfer: 0x178d4519,
  burn: 0x595f07bc,
  nftTransfer: 0x5fcc3d14,
  excesses: 0xd53276db,
} as const;

/** A transaction and the block of the masterchain that refers to it. */
export interface Recorded {
  readonly transaction: Transaction;
  readonly block: number;
}

export interface Token {
  readonly address: Address;
}

export interface TonSigner {
  readonly contract: WalletContractV4 | WalletContractV5R1;
  readonly secretKey: Buffer;
}

type Sent = Promise<{ readonly transactions: readonly Transaction[] }>;

/** A network of TON that runs real contracts in a sandbox, and remembers its transactions. */
export class TonNetwork {
  readonly transactions: Recorded[] = [];
  /** What masters say of themselves, by raw address. */
  readonly masters = new Map<string, Token>();
  readonly collections = new Set<string>();
  block = 1_000;

  private constructor(
    readonly chain: Blockchain,
    /** Somebody with coins, whose contract sends any message. */
    readonly treasury: SandboxContract<TreasuryContract>,
  ) {}

  static async create(): Promise<TonNetwork> {
    const chain = await Blockchain.create();
    return new TonNetwork(chain, await chain.treasury('treasury'));
  }

  /** Does what sends messages; all that follows is in the next block. */
  async act(sent: Sent): Promise<readonly Transaction[]> {
    const { transactions } = await sent;
    this.block += 1;
    this.transactions.push(...transactions.map((transaction) => ({ transaction, block: this.block })));
    return transactions;
  }

  /** A message of the treasury. */
  pay(
    to: Address,
    value: bigint,
    more: { readonly body?: Cell | string; readonly bounce?: boolean; readonly init?: StateInit } = {},
  ): Promise<readonly Transaction[]> {
    const { body, bounce = false, init } = more;
    return this.act(
      this.treasury.send({
        ...{ to, value, bounce, sendMode: SendMode.PAY_GAS_SEPARATELY },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? textBody(body) : body }),
        ...(init ? { init } : {}),
      }),
    );
  }

  /** Messages that the owner of a wallet signs. */
  async send(
    { contract, secretKey }: TonSigner,
    ...messages: readonly MessageRelaxed[]
  ): Promise<readonly Transaction[]> {
    const sendMode = SendMode.PAY_GAS_SEPARATELY + SendMode.IGNORE_ERRORS;
    const opened = this.chain.openContract(contract as WalletContractV4);
    const seqno = await opened.getSeqno();
    const sent = opened.sendTransfer({ seqno, secretKey, messages: [...messages], sendMode });
    return this.act(sent);
  }

  /** In Unix seconds. */
  get time(): number {
    return this.chain.now ?? Math.floor(Date.now() / 1_000);
  }

  set time(seconds: number) {
    this.chain.now = seconds;
  }

  /** An external message, as a node takes it. @throws NotTaken with what toncenter says of it */
  async take(boc: Buffer): Promise<void> {
    try {
      await this.act(this.chain.sendMessage(Cell.fromBoc(boc)[0] ?? Cell.EMPTY));
    } catch (error) {
      if (!(error instanceof EmulationError)) throw error;
      throw new NotTaken(error.exitCode);
    }
  }

  /** Deploys the wallet, by a message with its state. */
  async deploy({ contract }: TonSigner): Promise<void> {
    await this.pay(contract.address, toNano('5'), { init: contract.init });
  }

  async balanceOf(address: Address): Promise<bigint> {
    return (await this.chain.getContract(address)).balance;
  }

  /** A jetton of which the treasury is the admin. Two of one symbol are two contracts. */
  async jetton(symbol: string): Promise<Token> {
    const content = beginCell().storeUint(this.masters.size, 32).endCell();
    const data = beginCell()
      .storeCoins(0)
      .storeAddress(this.treasury.address)
      .storeRef(content)
      .storeRef(codeOf('jettonWallet'))
      .endCell();
    const init = { code: codeOf('jettonMinter'), data };
    const token = { address: contractAddress(0, init), symbol };
    await this.pay(token.address, toNano('1'), { init });
    this.masters.set(token.address.toRawString(), token);
    return token;
  }

  async walletOf({ address }: Token, owner: Address): Promise<Address> {
    const argument = { type: 'slice', cell: beginCell().storeAddress(owner).endCell() } as const;
    const { stackReader } = await this.chain.runGetMethod(address, 'get_wallet_address', [argument]);
    return stackReader.readAddress();
  }

  mint({ address }: Token, to: Address, amount: bigint): Promise<readonly Transaction[]> {
    const transfer = beginCell()
      .storeUint(OPS.internalTransfer, 32)
      .storeUint(0, 64)
      .storeCoins(amount)
      .storeAddress(null)
      .storeAddress(this.treasury.address)
      .storeCoins(0)
      .storeBit(false)
      .endCell();
    const body = beginCell()
      .storeUint(21, 32)
      .storeUint(0, 64)
      .storeAddress(to)
      .storeCoins(toNano('0.1'))
      .storeRef(transfer)
      .endCell();
    return this.pay(address, toNano('0.5'), { body, bounce: true });
  }

  /** Of the treasury's own jettons. */
  async payJetton(token: Token, to: Address, amount: bigint, more: JettonOptions = {}) {
    const wallet = await this.walletOf(token, this.treasury.address);
    const body = jettonTransfer(to, this.treasury.address, amount, more);
    return this.pay(wallet, toNano('0.5'), { body, bounce: true });
  }

  async collection(): Promise<Address> {
    const content = beginCell()
      .storeRef(beginCell().storeUint(this.collections.size, 32).endCell())
      .storeRef(Cell.EMPTY)
      .endCell();
    const royalty = beginCell().storeUint(0, 16).storeUint(1, 16).storeAddress(this.treasury.address);
    const data = beginCell()
      .storeAddress(this.treasury.address)
      .storeUint(0, 64)
      .storeRef(content)
      .storeRef(codeOf('nftItem'))
      .storeRef(royalty.endCell())
      .endCell();
    const init = { code: codeOf('nftCollection'), data };
    const address = contractAddress(0, init);
    await this.pay(address, toNano('1'), { init });
    this.collections.add(address.toRawString());
    return address;
  }

  /** @returns the item */
  async mintItem(collection: Address, index: number, owner: Address): Promise<Address> {
    const params = beginCell().storeAddress(owner).storeRef(Cell.EMPTY).endCell();
    const body = beginCell()
      .storeUint(1, 32)
      .storeUint(0, 64)
      .storeUint(index, 64)
      .storeCoins(toNano('0.1'))
      .storeRef(params)
      .endCell();
    await this.pay(collection, toNano('0.5'), { body, bounce: true });
    const { stackReader } = await this.chain.runGetMethod(collection, 'get_nft_address_by_index', [
      { type: 'int', value: BigInt(index) },
    ]);
    return stackReader.readAddress();
  }

  /** An item that names a collection as its own, which does not know it. */
  async forgeItem(collection: Address, index: number, owner: Address): Promise<Address> {
    const data = beginCell()
      .storeUint(index, 64)
      .storeAddress(collection)
      .storeAddress(owner)
      .storeRef(Cell.EMPTY)
      .endCell();
    const init = { code: codeOf('nftItem'), data };
    const address = contractAddress(0, init);
    await this.pay(address, toNano('0.2'), { init });
    return address;
  }

  /** Every address that a transaction was of. */
  addresses(): readonly Address[] {
    const found = this.transactions.map(({ transaction }) => ownerOf(transaction));
    return [...new Map(found.map((address) => [address.toRawString(), address])).values()];
  }

  /** The results and exit code of a get method. */
  async get(address: Address, method: string, stack: TupleItem[] = []) {
    const { accountState } = await this.chain.getContract(address);
    if (accountState?.type !== 'active') return { exitCode: -13, stack: [] as TupleItem[] };
    try {
      const { exitCode, stack: results } = await this.chain.runGetMethod(address, method, stack);
      return { exitCode, stack: results };
    } catch (error) {
      if (error instanceof GetMethodError) return { exitCode: error.exitCode, stack: [] as TupleItem[] };
      throw error;
    }
  }
}

/** The text of toncenter for a message that the contract does not accept. */
export class NotTaken extends Error {
  constructor(exitCode: number | undefined) {
    const by =
      exitCode === undefined
        ? `account ${'AB'.repeat(32)} before smart-contract execution`
        : `transaction ${'AB'.repeat(32)}:\nexitcode=${exitCode}, steps=49, gas_used=0\nVM Log (truncated):\n...`;
    super(
      `LITE_SERVER_UNKNOWN: cannot apply external message to current state : External message was not accepted\nCannot run message on account: inbound external message rejected by ${by}`,
    );
  }
}

export interface JettonOptions {
  readonly comment?: string;
  /** With it the receiver is notified. */
  readonly forward?: bigint;
  readonly isInline?: boolean;
}

/** The body of a transfer that the owner sends to the own jetton wallet. */
export function jettonTransfer(
  to: Address,
  response: Address | null,
  amount: bigint,
  { comment, forward = 0n, isInline = false }: JettonOptions = {},
): Cell {
  const body = beginCell()
    .storeUint(OPS.transfer, 32)
    .storeUint(7, 64)
    .storeCoins(amount)
    .storeAddress(to)
    .storeAddress(response)
    .storeBit(false)
    .storeCoins(forward);
  if (comment === undefined) return body.storeBit(false).endCell();
  return isInline
    ? body.storeBit(false).storeSlice(textBody(comment).beginParse()).endCell()
    : body.storeBit(true).storeRef(textBody(comment)).endCell();
}

export function textBody(text: string): Cell {
  return beginCell().storeUint(0, 32).storeStringTail(text).endCell();
}

export function messageTo(
  to: Address,
  value: bigint,
  { body, bounce = true }: { readonly body?: Cell | string; readonly bounce?: boolean } = {},
): MessageRelaxed {
  return internal({ to, value, bounce, ...(body === undefined ? {} : { body }) });
}

/** The account of a transaction. Those of tests are in the base workchain. */
export function ownerOf({ address }: Transaction): Address {
  return new Address(0, Buffer.from(address.toString(16).padStart(64, '0'), 'hex'));
}

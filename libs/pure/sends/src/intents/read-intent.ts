import { accepted } from '@countersign/errors';
import { isReadable, membersOf } from '@countersign/wallet-acts';
import { readChainId, type EvmAddress } from '@countersign/wallet-proofs';
import type { Hex } from 'viem';
import { refusedSend, type RefusedSend, type SendResult } from '../send-refusals';
import { addressReaderOf, type AddressReader } from './address-reader';
import type { SendIntent } from './send-intent';

/** Who sends, and where. */
export interface Sender {
  /** CAIP-2, as `readChainId` answers it. */
  readonly chain: string;
  /** Of the wallet that sends: as `readEvmAddress` answers it, or the raw form of TON. */
  readonly address: string;
}

const MAX_DATA_BYTES = 12_288;
const MAX_COMMENT_BYTES = 512;

const kinds: Readonly<Record<string, readonly string[]>> = {
  eip155: ['coin', 'token', 'collectible', 'call'],
  ton: ['toncoin', 'jetton', 'item'],
};
const members: Readonly<Record<string, readonly string[]>> = {
  coin: ['to', 'amount'],
  token: ['token', 'to', 'amount'],
  collectible: ['standard', 'contract', 'tokenId', 'to', 'amount'],
  call: ['contract', 'data', 'value'],
  toncoin: ['to', 'amount', 'comment'],
  jetton: ['master', 'to', 'amount', 'comment'],
  item: ['item', 'to'],
};

/**
 * Reads the JSON of an intent: `kind` and the members of the kind, and no others. Amounts are decimal text.
 *
 * @throws RangeError for a sender whose chain or address is none
 */
export function readSendIntent(json: unknown, { chain, address }: Sender): SendResult<SendIntent> {
  const read = readChainId(chain);
  if (!read.ok || read.value.id !== chain) throw new RangeError('the sender needs a chain id');
  const kind = typeof json === 'object' && json !== null && 'kind' in json ? json.kind : undefined;
  if (typeof kind !== 'string' || !Object.hasOwn(members, kind))
    return refusedSend('send.intent_malformed', 'kind');
  if (!kinds[read.value.namespace]?.includes(kind)) return refusedSend('send.chain_unsupported', 'kind');
  const fields = membersOf(json, ['kind', ...(members[kind] ?? [])]);
  if (!fields) return refusedSend('send.intent_malformed');

  const reader = addressReaderOf(read.value);
  if (reader.addressOf(address) !== address) throw new RangeError('the sender needs an address of its chain');
  try {
    return accepted(intentOf(kind as SendIntent['kind'], new Fields(fields, reader, address)));
  } catch (error) {
    if (error instanceof Refusal) return error.refused;
    throw error;
  }
}

function intentOf(kind: SendIntent['kind'], fields: Fields): SendIntent {
  switch (kind) {
    case 'coin':
      return { kind, to: fields.recipient(null), amount: fields.amount('amount') };
    case 'token': {
      const token = fields.contract('token');
      return { kind, token, to: fields.recipient(token), amount: fields.amount('amount') };
    }
    case 'collectible': {
      const standard = fields.standard();
      const contract = fields.contract('contract');
      const to = fields.recipient(contract);
      // ERC-721 has no amounts.
      if (standard === 'erc721') fields.absent('amount');
      const amount = fields.has('amount') ? fields.amount('amount') : 1n;
      return { kind, standard, contract, tokenId: fields.number('tokenId'), to, amount };
    }
    case 'call':
      return {
        kind,
        contract: fields.contract('contract'),
        data: fields.data(),
        value: fields.number('value'),
      };
    case 'toncoin':
      return { kind, to: fields.recipient(null), amount: fields.amount('amount'), comment: fields.comment() };
    case 'jetton': {
      const master = fields.contract('master');
      const to = fields.recipient(master);
      return { kind, master, to, amount: fields.amount('amount'), comment: fields.comment() };
    }
    case 'item': {
      const item = fields.contract('item');
      return { kind, item, to: fields.recipient(item) };
    }
  }
}

class Refusal extends Error {
  constructor(readonly refused: RefusedSend) {
    super(refused.code);
  }
}

/** The members of one intent. A member that is not as it has to be throws a `Refusal`. */
class Fields {
  constructor(
    private readonly fields: ReadonlyMap<string, unknown>,
    private readonly reader: AddressReader,
    private readonly sender: string,
  ) {}

  has(name: string): boolean {
    return this.fields.has(name);
  }

  absent(name: string): void {
    if (this.has(name)) throw new Refusal(refusedSend('send.intent_malformed', name));
  }

  /** A contract that is called: neither the zero address nor the wallet itself is one. */
  contract(name: string): EvmAddress {
    const address = this.address(name);
    if (this.reader.isZero(address) || address === this.sender) {
      throw new Refusal(refusedSend('send.address_invalid', name));
    }
    return address;
  }

  /** @param sent the contract of what is sent; null for the coin of the chain */
  recipient(sent: string | null): EvmAddress {
    const to = this.address('to');
    if (this.reader.isZero(to)) throw new Refusal(refusedSend('send.to_zero_address'));
    if (to === this.sender) throw new Refusal(refusedSend('send.to_own_wallet'));
    if (to === sent) throw new Refusal(refusedSend('send.to_token_contract'));
    return to;
  }

  amount(name: string): bigint {
    const amount = this.number(name);
    if (amount === 0n) throw new Refusal(refusedSend('send.amount_zero', name));
    return amount;
  }

  number(name: string): bigint {
    const number = this.reader.amountOf(this.fields.get(name));
    if (number === null) throw new Refusal(refusedSend('send.amount_invalid', name));
    return number;
  }

  standard(): 'erc721' | 'erc1155' {
    const standard = this.fields.get('standard');
    if (standard === 'erc721' || standard === 'erc1155') return standard;
    throw new Refusal(refusedSend('send.intent_malformed', 'standard'));
  }

  data(): Hex {
    const data = this.fields.get('data');
    if (typeof data === 'string' && data.length > 2 + 2 * MAX_DATA_BYTES) {
      throw new Refusal(refusedSend('send.data_too_large', 'data'));
    }
    if (typeof data !== 'string' || !/^0x(?:[0-9a-fA-F]{2}){4,}$/.test(data)) {
      throw new Refusal(refusedSend('send.intent_malformed', 'data'));
    }
    return data.toLowerCase() as Hex;
  }

  /** Everybody can read it on the chain. */
  comment(): string | null {
    if (!this.has('comment')) return null;
    const comment = this.fields.get('comment');
    if (
      typeof comment === 'string' &&
      isReadable(comment) &&
      Buffer.byteLength(comment) <= MAX_COMMENT_BYTES
    ) {
      return comment;
    }
    throw new Refusal(refusedSend('send.intent_malformed', 'comment'));
  }

  private address(name: string): EvmAddress {
    const address = this.reader.addressOf(this.fields.get(name));
    if (address === null) throw new Refusal(refusedSend('send.address_invalid', name));
    return address as EvmAddress;
  }
}

import { Id, Instant, Integer, ListOf, NextCursor, Text } from '@countersign/http';
import type { LimitsJson } from '@countersign/sends';
import type { KnownRecipient } from '../limits/wallet-limits.service';

const ADDRESS = '0x2222222222222222222222222222222222222222';
const MAX_ENTRIES = 100;
const list = { max: MAX_ENTRIES };
const amount = { input: 'removable', max: 78 } as const;

export class AssetLimitRequest {
  @Text('CAIP-2.', 'eip155:1', { input: 'required', max: 40 })
  chain: string;

  @Text('The token or collection; `null`: the coin.', null, { input: 'removable', max: 100 })
  token?: string | null;

  @Text('The most of one send, in the smallest unit.', '1000000', amount)
  perAct?: string | null;

  @Text('The most of the last 24 hours.', '5000000', amount)
  perDay?: string | null;

  @Text('Above it a send waits for a launch that names it.', '2000000', amount)
  launchAbove?: string | null;
}

/** What is left out or `null` is not limited. */
export class WalletLimitsRequest {
  @Text('The chains that it sends on.', ['eip155:1'], { input: 'removable', max: 40, list })
  chains?: string[] | null;

  @ListOf(AssetLimitRequest, 'With a list, what it does not name is refused.', { input: 'removable', list })
  assets?: AssetLimitRequest[] | null;

  @Text('The only addresses that it sends to.', [ADDRESS], { input: 'removable', max: 100, list })
  recipients?: string[] | null;

  @Integer('How long the first send to an address waits; that of the application where it is longer.', 24, {
    input: 'optional',
    min: 0,
    max: 720,
  })
  firstSendDelayHours?: number;
}

export function toLimits({
  chains = null,
  assets = null,
  recipients = null,
  firstSendDelayHours = 0,
}: WalletLimitsRequest): LimitsJson {
  return {
    ...{ chains, recipients, firstSendDelayHours },
    assets:
      assets?.map(({ chain, token = null, perAct = null, perDay = null, launchAbove = null }) => ({
        ...{ chain, token, perAct, perDay, launchAbove },
      })) ?? null,
  };
}

export class AssetLimitResponse {
  @Text('CAIP-2.', 'eip155:1')
  chain: string;

  @Text('`null`: the coin.', null, { nullable: true })
  token: string | null;

  @Text('Of one send.', '1000000', { nullable: true })
  perAct: string | null;

  @Text('Of 24 hours.', '5000000', { nullable: true })
  perDay: string | null;

  @Text('Without a launch.', '2000000', { nullable: true })
  launchAbove: string | null;
}

/** `null`: not limited. */
export class WalletLimitsResponse implements LimitsJson {
  @Text('CAIP-2.', ['eip155:1'], { list: {}, nullable: true })
  chains: readonly string[] | null;

  @ListOf(AssetLimitResponse, 'What it may send.', { nullable: true })
  assets: readonly AssetLimitResponse[] | null;

  @Text('Addresses.', [ADDRESS], { list: {}, nullable: true })
  recipients: readonly string[] | null;

  @Integer('Of the first send to an address.', 24)
  firstSendDelayHours: number;
}

export class RecipientResponse {
  @Id('The entry.')
  recipientId: string;

  @Text('CAIP-2.', 'eip155:1')
  chainId: string;

  @Text('As the chain has it.', ADDRESS)
  address: string;

  @Instant('When the wallet first sent to it, or was to.')
  knownSince: string;
}

export class RecipientPage {
  @ListOf(RecipientResponse, 'Newest first.')
  items: readonly RecipientResponse[];

  @NextCursor()
  nextCursor: string | null;
}

export function toRecipient({ id, chainId, address, knownSince }: KnownRecipient): RecipientResponse {
  return { recipientId: id, chainId, address, knownSince: knownSince.toISOString() };
}

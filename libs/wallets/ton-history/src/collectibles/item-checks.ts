import { Injectable } from '@nestjs/common';
import {
  addressOfStack,
  chainUnavailable,
  tooFewNodes,
  type Chain,
  type TonEndpoint,
} from '@countersign/chains';
import { TwoEndpoints } from '../asking/two-endpoints';

/** What contracts say of an item of TEP-62. */
export interface CheckedItem {
  /** In decimal digits; null where endpoints differ, or the item does not say. */
  readonly index: string | null;
  /** Raw: the collection that names the item as its own. */
  readonly collection: string | null;
  /** Whether it belongs to the owner, and to the collection that it names. */
  readonly isVerified: boolean;
  /** Whether two endpoints say so. */
  readonly isAgreed: boolean;
}

/** Any contract can say that it is of a collection: only those count that the collection knows. */
@Injectable()
export class ItemChecks {
  constructor(private readonly endpoints: TwoEndpoints) {}

  /**
   * @param owner raw, and so `item`
   * @returns null for an item that is not the owner's
   * @throws AppError chain.unavailable (503)
   */
  async of(chain: Chain, owner: string, item: string): Promise<CheckedItem | null> {
    const said = await this.endpoints.ask(chain, (endpoint) => ask(endpoint, owner, item));
    if (said.reason === 'away') throw chainUnavailable(tooFewNodes());
    if (said.value === null) return { index: null, collection: null, isVerified: false, isAgreed: false };
    const [isOwned, index = null, collection, isVerified] = said.value.split(' ');
    if (isOwned !== 'true') return null;
    const isAgreed = said.verification === 'agreed';
    return { index, collection: collection || null, isVerified: isVerified === 'true', isAgreed };
  }
}

/** As one text, for a comparison. */
async function ask(endpoint: TonEndpoint, owner: string, item: string): Promise<string | null> {
  const { exitCode, stack } = await endpoint.runGetMethod(item, 'get_nft_data');
  const [isInitialised, index, named, of] = stack;
  if (exitCode !== 0 || !isInitialised || typeof index !== 'bigint' || index < 0n) return null;
  if (addressOfStack(of) !== owner) return 'false';
  const collection = addressOfStack(named);
  const isKnown = collection === null || (await nameOf(endpoint, collection, index)) === item;
  return ['true', index, isKnown ? (collection ?? '') : '', isKnown].join(' ');
}

async function nameOf(endpoint: TonEndpoint, collection: string, index: bigint): Promise<string | null> {
  const { exitCode, stack } = await endpoint.runGetMethod(collection, 'get_nft_address_by_index', [
    ['num', index.toString()],
  ]);
  return exitCode === 0 ? addressOfStack(stack[0]) : null;
}

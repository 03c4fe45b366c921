import { Injectable } from '@nestjs/common';
import {
  addressOfStack,
  chainUnavailable,
  tooFewNodes,
  isRecord,
  malformed,
  TonIndexers,
  type Chain,
  type TonEndpoint,
  type JsonRecord,
} from '@countersign/chains';
import { invalidCursor } from '@countersign/http';
import { toChainReading } from '../../dto/chain.response';
import { type CollectibleResponse, type CollectiblesPage } from '../../dto/collectibles.response';
import { type PageWanted } from '../../wallet-reader';
import { TwoEndpoints, askIndexers, oldest } from '../asking/two-endpoints';
import { collectibleOf } from '../answers/assets';
import { readRaw, shown } from '../asking/cells';

interface CheckedItem {
  /** In decimal digits; null if endpoints differ, or the item does not say. */
  readonly index: string | null;
  /** The raw address of the collection that names the item as its own. */
  readonly collection: string | null;
  /** Whether it belongs to the owner, and to the collection that it names. */
  readonly isVerified: boolean;
  readonly isAgreed: boolean;
}

/** One text makes the answers comparable. */
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

/** An indexer lists this many at once. Further items are not known. */
const MAX_LISTED = 1_000;
/** Each item needs two calls at two endpoints. */
const MAX_PAGE = 20;

/** Reads items of TEP-62, which include Telegram's usernames and numbers. */
@Injectable()
export class TonCollectibles {
  constructor(
    private readonly indexers: TonIndexers,
    private readonly endpoints: TwoEndpoints,
  ) {}

  /** The items are in the order of their addresses. @param owner raw */
  async page(
    chain: Chain,
    owner: string,
    { cursor, limit, includesHidden }: PageWanted,
  ): Promise<CollectiblesPage> {
    const after = readCursor(cursor);
    const size = Math.min(limit, MAX_PAGE);
    const answers = await askIndexers(this.indexers.of(chain.id), async (indexer) => ({
      head: await indexer.head(),
      ...(await indexer.get('nft/items', { owner_address: owner, limit: String(MAX_LISTED) }, readItems)),
    }));
    const [first, second] = answers;
    const all = [...new Set(answers.flatMap(({ items }) => items))].toSorted();
    const rest = all.filter((item) => after === null || item > after);
    const listed = rest.slice(0, size);
    const checked = await Promise.all(listed.map((item) => this.check(chain, owner, item)));
    const last = rest.length > size ? listed.at(-1) : undefined;
    // Both lists are the same if each of them is as long as both together.
    const isSame = [first, second].every((one) => one?.isRead && one.items.length === all.length);
    return {
      chain: toChainReading(chain, {
        final: oldest(answers.map(({ head }) => head)),
        staleSince: null,
        isComplete: isSame && all.length < MAX_LISTED,
      }),
      items: listed.flatMap((item, index) => toCollectible(chain, item, checked[index], includesHidden)),
      nextCursor: last === undefined ? null : Buffer.from(last).toString('base64url'),
    };
  }

  /** The collection must know the item, because any contract can claim it. @returns null if it is not the owner's */
  private async check(chain: Chain, owner: string, item: string): Promise<CheckedItem | null> {
    const said = await this.endpoints.ask(chain, (endpoint) => ask(endpoint, owner, item));
    if (said.reason === 'away') throw chainUnavailable(tooFewNodes());
    if (said.value === null) return { index: null, collection: null, isVerified: false, isAgreed: false };
    const [isOwned, index = null, collection, isVerified] = said.value.split(' ');
    if (isOwned !== 'true') return null;
    const isAgreed = said.verification === 'agreed';
    return { index, collection: collection || null, isVerified: isVerified === 'true', isAgreed };
  }
}

/** Reads each raw address once, and whether each item has an address. */
function readItems({ nft_items: items }: JsonRecord) {
  if (!Array.isArray(items)) malformed();
  const read = (items as readonly unknown[]).map((item) => readRaw(isRecord(item) ? item['address'] : null));
  const addresses = read.filter((address) => address !== null);
  return { items: [...new Set(addresses)], isRead: addresses.length === read.length };
}

function toCollectible(
  chain: Chain,
  item: string,
  checked: CheckedItem | null | undefined,
  includesHidden: boolean,
): readonly CollectibleResponse[] {
  if (!checked || !(checked.isVerified || includesHidden)) return [];
  const { index, collection, isVerified, isAgreed } = checked;
  return [
    {
      ...collectibleOf(chain, item, index),
      collection: collection === null ? null : shown(collection, chain),
      quantity: '1',
      quantityReason: null,
      verification: isVerified && isAgreed ? 'agreed' : 'single',
      isFinal: isVerified && isAgreed,
      isHidden: !isVerified,
    },
  ];
}

function readCursor(cursor: string | null): string | null {
  if (cursor === null) return null;
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (readRaw(text) !== text || Buffer.from(text).toString('base64url') !== cursor) throw invalidCursor();
  return text;
}

import { Injectable } from '@nestjs/common';
import { isRecord, malformed, TonIndexers, type Chain, type JsonRecord } from '@countersign/chains';
import { invalidCursor } from '@countersign/http';
import {
  toChainReading,
  type CollectibleResponse,
  type CollectiblesPage,
  type PageWanted,
} from '@countersign/wallet-reading';
import { collectibleOf } from '../answers/assets';
import { askIndexers, oldest } from '../asking/ask-indexers';
import { readRaw, shown } from '../asking/cells';
import { ItemChecks, type CheckedItem } from './item-checks';

/** As many as an indexer lists at once. Others are not known. */
const MAX_LISTED = 1_000;
/** Each is asked about twice at two endpoints. */
const MAX_PAGE = 20;

/** Items of TEP-62, usernames and numbers of Telegram too. */
@Injectable()
export class TonCollectibles {
  constructor(
    private readonly indexers: TonIndexers,
    private readonly checks: ItemChecks,
  ) {}

  /** In the order of addresses. @param owner raw. @throws AppError request.invalid, chain.unavailable (503) */
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
    const checked = await Promise.all(listed.map((item) => this.checks.of(chain, owner, item)));
    const last = rest.length > size ? listed.at(-1) : undefined;
    // Each of the two lists as many as both together.
    const isSame = [first, second].every((one) => one?.isRead && one.items.length === all.length);
    const asOf = oldest(answers.map(({ head }) => head));
    return {
      chain: toChainReading(chain, {
        ...{ final: asOf, staleSince: null, isComplete: isSame && all.length < MAX_LISTED },
      }),
      items: listed.flatMap((item, index) => toCollectible(chain, item, checked[index], includesHidden)),
      nextCursor: last === undefined ? null : Buffer.from(last).toString('base64url'),
    };
  }
}

/** Raw addresses, each once, and whether each item has one. @throws NodeError */
function readItems({ nft_items: items }: JsonRecord) {
  if (!Array.isArray(items)) throw malformed();
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

/** @throws AppError request.invalid for a cursor that no page gave */
function readCursor(cursor: string | null): string | null {
  if (cursor === null) return null;
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (readRaw(text) !== text || Buffer.from(text).toString('base64url') !== cursor) throw invalidCursor();
  return text;
}

import { Injectable } from '@nestjs/common';
import {
  isRecord,
  malformed,
  TonIndexers,
  type Chain,
  type JsonRecord,
  inOrder,
  nullIfAway,
} from '@countersign/chains';
import { readClaimedDecimals, readClaimedText, type ClaimedNamesResponse } from '@countersign/wallet-reading';
import { readRaw } from '../asking/cells';

interface UnlistedJetton {
  /** Raw. */
  readonly master: string;
  /** As the indexer read it of a contract that any user can have made. */
  readonly amount: bigint;
  readonly claimed: ClaimedNamesResponse | null;
}

const MAX_LISTED = 50;

/** Jettons that an indexer lists for an owner and the operator does not list. */
@Injectable()
export class UnlistedJettons {
  constructor(private readonly indexers: TonIndexers) {}

  /** @param owner raw. Null where no indexer answers */
  of(chain: Chain, owner: string): Promise<readonly UnlistedJetton[] | null> {
    const listed = new Set(chain.tokens.map(({ address }) => address));
    return firstAnswer(this.indexers.of(chain.id), (indexer) =>
      indexer.get(
        'jetton/wallets',
        {
          owner_address: owner,
          exclude_zero_balance: 'true',
          limit: String(MAX_LISTED + listed.size),
        },
        (answer) =>
          read(answer)
            .filter(({ master }) => !listed.has(master))
            .slice(0, MAX_LISTED),
      ),
    );
  }
}

function read({ jetton_wallets: wallets, metadata }: JsonRecord): readonly UnlistedJetton[] {
  if (!Array.isArray(wallets)) throw malformed();
  const claims = new Map(
    Object.entries(isRecord(metadata) ? metadata : {}).map(([address, about]) => [readRaw(address), about]),
  );
  return (wallets as readonly unknown[]).flatMap((wallet) => {
    const { jetton, balance } = isRecord(wallet) ? wallet : {};
    const master = readRaw(jetton);
    if (master === null || typeof balance !== 'string' || !/^\d{1,39}$/.test(balance)) return [];
    return [{ master, amount: BigInt(balance), claimed: toClaimed(claims.get(master)) }];
  });
}

function toClaimed(about: unknown): ClaimedNamesResponse | null {
  const infos = isRecord(about) && Array.isArray(about['token_info']) ? about['token_info'] : [];
  const info = (infos as readonly unknown[]).find((one) => isRecord(one) && one['type'] === 'jetton_masters');
  if (!isRecord(info)) return null;
  const { symbol, name, extra } = info;
  const decimals = Number(isRecord(extra) ? (extra['decimals'] ?? NaN) : NaN);
  return {
    symbol: readClaimedText(symbol),
    name: readClaimedText(name),
    decimals: readClaimedDecimals(decimals),
  };
}

/** Of the first one that answers; null where none does. */
async function firstAnswer<N extends { readonly isPaused: boolean }, T>(
  nodes: readonly N[],
  work: (node: N) => Promise<T>,
): Promise<T | null> {
  for (const node of inOrder(nodes)) {
    const answer = await work(node).catch(nullIfAway);
    if (answer !== null) return answer;
  }
  return null;
}

import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Chain } from '@countersign/chains';
import { Clock, utcDayOf } from '@countersign/clock';
import {
  createDataKey,
  deriveMacKey,
  KeyRing,
  lengthPrefixed,
  macOf,
  unlessSealed,
  unwrapDataKey,
  type DataKey,
  type MacKey,
  type AssociatedData,
  type Sealed,
} from '@countersign/crypto';
import { Database } from '@countersign/database';
import { paddedJson } from '../store/sealing';
import { TokenNamesRepository } from './token-names.repository';
import type { TokenFacts } from './ask-token';
import { WantedTokens } from './wanted-tokens';

interface NamesKey {
  readonly dataKey: DataKey;
  readonly macKey: MacKey;
}

/** By chain and digest. */
const sealedFacts = paddedJson<TokenFacts>('token_names', 'content');

/** By the contract, in lower case. */
export type KnownTokens = ReadonlyMap<string, TokenFacts>;

/** What contracts of unlisted tokens say of themselves, as far as they were asked. */
@Injectable()
export class KnownTokenNames {
  /** They stay the same when the ring rotates. */
  private readonly keys = new Map<string, NamesKey>();

  constructor(
    private readonly rows: TokenNamesRepository,
    private readonly wanted: WantedTokens,
    private readonly keyRing: KeyRing,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Those that are not known yet are asked soon, where nodes may learn addresses. Listed ones are left out. */
  async of(manager: EntityManager, chain: Chain, contracts: Iterable<string | null>): Promise<KnownTokens> {
    const listed = new Set(chain.tokens.map(({ address }) => address));
    const unlisted = [...new Set(contracts)].filter(
      (contract): contract is string => contract !== null && !listed.has(contract),
    );
    if (unlisted.length === 0 || !chain.mayNameAddresses) return new Map();
    const known = await this.stored(manager, chain.id, unlisted);
    this.wanted.add(
      chain.id,
      unlisted.filter((contract) => !known.has(contract)),
    );
    return known;
  }

  /** Without asking for others. */
  async stored(manager: EntityManager, chainId: string, contracts: readonly string[]): Promise<KnownTokens> {
    const key = await this.keyOf(manager, chainId);
    if (!key) return new Map();
    const byDigest = new Map(contracts.map((each) => [digestOf(key, each).toString('hex'), each]));
    const found = await this.rows.find(
      manager,
      chainId,
      contracts.map((each) => digestOf(key, each)),
    );
    const known = new Map<string, TokenFacts>();
    for (const { digest, content } of found) {
      const facts = unlessSealed(() => sealedFacts.open(key.dataKey, [chainId, digest], content));
      // Of a row that is damaged it is asked again.
      if (facts !== null) known.set(byDigest.get(digest.toString('hex')) ?? '', facts);
    }
    return known;
  }

  async save(chainId: string, contract: string, facts: TokenFacts): Promise<void> {
    await this.database.transaction(async (tx) => {
      const key = (await this.keyOf(tx, chainId)) ?? (await this.makeKey(tx, chainId));
      const digest = digestOf(key, contract);
      const content = sealedFacts.seal(key.dataKey, [chainId, digest], facts);
      await this.rows.save(tx, chainId, { digest, content }, utcDayOf(this.clock.now()));
    });
  }

  private async keyOf(manager: EntityManager, chainId: string): Promise<NamesKey | null> {
    const known = this.keys.get(chainId);
    if (known) return known;
    const wrapped = await this.rows.findKey(manager, chainId);
    return wrapped && this.cache(chainId, wrapped);
  }

  private async makeKey(tx: EntityManager, chainId: string): Promise<NamesKey> {
    const { wrapped } = createDataKey(this.keyRing, keyAad(chainId));
    // Cached at the next look-up: the transaction may fail.
    return this.opened(chainId, await this.rows.addKey(tx, chainId, wrapped));
  }

  private cache(chainId: string, wrapped: Sealed): NamesKey {
    const key = this.opened(chainId, wrapped);
    this.keys.set(chainId, key);
    return key;
  }

  private opened(chainId: string, wrapped: Sealed): NamesKey {
    const dataKey = unwrapDataKey(this.keyRing, keyAad(chainId), wrapped);
    return { dataKey, macKey: deriveMacKey(dataKey, 'countersign/token-names/v1') };
  }
}

function digestOf({ macKey }: NamesKey, contract: string): Buffer {
  return macOf(macKey, lengthPrefixed(['contract', contract]));
}

function keyAad(chainId: string): AssociatedData {
  return { table: 'token_name_keys', column: 'names_key', row: chainId };
}

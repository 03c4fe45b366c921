import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Chain } from '@countersign/chains';
import type { Sealed } from '@countersign/crypto';
import { rows } from '@countersign/database';

/** A row that this run has, until `nextAt`. */
export interface ClaimedFollow {
  readonly walletId: string;
  readonly since: Date;
  readonly block: number;
  readonly reported: Sealed | null;
  readonly nextAt: Date;
}

/** A wallet that was linked this long before it is followed is followed from its link on. */
const NEW_FOR = `interval '5 minutes'`;

/** With the chain, the block, now, the environment, and the applications. */
const ADD = `
  INSERT INTO wallet_follows (wallet_id, chain_id, since, block, next_at)
  SELECT wallet.id, $1::text,
    CASE WHEN wallet.linked_at > $3::timestamptz - ${NEW_FOR} THEN wallet.linked_at ELSE $3::timestamptz END, $2::bigint, $3::timestamptz
  FROM wallets AS wallet
  WHERE wallet.provider = 'ethereum' AND wallet.application_id IS NULL AND wallet.environment = $4 AND coalesce(wallet.chain_id, $1::text) = $1::text
    AND EXISTS (SELECT FROM user_applications WHERE user_id = wallet.user_id AND application_id = ANY($5::uuid[]))
  ON CONFLICT DO NOTHING`;

/** With the chains, and the applications. */
const REMOVE = `
  DELETE FROM wallet_follows AS follow
  WHERE follow.chain_id <> ALL($1::text[]) OR NOT EXISTS (
    SELECT FROM wallets JOIN user_applications USING (user_id)
    WHERE wallets.id = follow.wallet_id AND user_applications.application_id = ANY($2::uuid[]))`;

/** With the chain, now, how many, and when they are due again. */
const CLAIM = `
  UPDATE wallet_follows SET next_at = $4::timestamptz
  WHERE chain_id = $1 AND wallet_id = ANY(ARRAY(
    SELECT wallet_id FROM wallet_follows WHERE chain_id = $1 AND next_at <= $2::timestamptz
    ORDER BY next_at LIMIT $3::int FOR UPDATE SKIP LOCKED))
  RETURNING wallet_id AS "walletId", since, block::float8 AS block, reported, next_at AS "nextAt"`;

const MOVE = `
  UPDATE wallet_follows SET block = $4::bigint, reported = $5
  WHERE wallet_id = $1 AND chain_id = $2 AND next_at = $3::timestamptz RETURNING 1`;

@Injectable()
export class WalletFollowsRepository {
  /** The wallets of people who used one of the applications, on a chain. */
  async add(
    tx: EntityManager,
    { id, environment }: Chain,
    from: { readonly block: number; readonly now: Date },
    applicationIds: readonly string[],
  ): Promise<void> {
    await tx.query(ADD, [id, from.block, from.now, environment, applicationIds]);
  }

  /** Those on other chains, and of people who used none of the applications. */
  async removeOthers(
    tx: EntityManager,
    chainIds: readonly string[],
    applicationIds: readonly string[],
  ): Promise<void> {
    await tx.query(REMOVE, [chainIds, applicationIds]);
  }

  /** Those that are due for the longest time. No other run gets them before `nextAt`. */
  claim(
    tx: EntityManager,
    chainId: string,
    { now, nextAt, limit }: { readonly now: Date; readonly nextAt: Date; readonly limit: number },
  ): Promise<readonly ClaimedFollow[]> {
    return rows(tx, CLAIM, [chainId, now, limit, nextAt]);
  }

  /** @returns false where the row is gone, or another run has it */
  async move(
    tx: EntityManager,
    chainId: string,
    { walletId, nextAt }: ClaimedFollow,
    to: { readonly block: number; readonly reported: Sealed | null },
  ): Promise<boolean> {
    return (await rows(tx, MOVE, [walletId, chainId, nextAt, to.block, to.reported])).length > 0;
  }
}

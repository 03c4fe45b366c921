import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Chains } from '@countersign/chains';
import { KeyRing, type Sealed } from '@countersign/crypto';
import { sendRefusal } from '@countersign/embedded-wallets';
import {
  assetKey,
  DAY_MS,
  HOUR_MS,
  refusedBySums,
  spentWithin,
  totalsOf,
  type SendRefusal,
  type SharedSums as Sums,
  type Spending,
  type Totals,
} from '@countersign/sends';
import { sealedSums, type Buckets } from './limits-sealing';
import { LimitsRepository } from './limits.repository';

/** Whose sums a send counts in. */
export interface CountedIn {
  readonly applicationId: string;
  readonly spending: Spending;
  /** Null for a send with a wallet token. */
  readonly compatPerDay: Totals | null;
  readonly now: Date;
}

interface Sum {
  readonly id: string;
  readonly asset: string;
  readonly windowMs: number;
}

const BUCKETS = 60;
/** How long a send can count in the sum of a window, in milliseconds. */
export const countedMs = (windowMs: number): number => windowMs + windowMs / BUCKETS;
const BRAKE_RETRY_SECONDS = 60;

/**
 * What wallets send together: all of them in an hour, and in a day those of an application by tokens of compatible APIs. Sums are
 * kept for limits that are set, in steps of a sixtieth of their window, each of which counts until all of it is outside.
 */
@Injectable()
export class SharedSums {
  constructor(
    private readonly limits: LimitsRepository,
    private readonly chains: Chains,
    private readonly keyRing: KeyRing,
  ) {}

  /** Without a lock: sends that are decided at the same time are not in it. */
  async read(manager: EntityManager, counted: CountedIn): Promise<Sums> {
    const sums = this.sumsOf(counted);
    const found = await this.limits.findSums(
      manager,
      sums.map(({ id }) => id),
    );
    return this.facts(counted, sums, this.opened(found));
  }

  /**
   * Decides again with the sums that no other send changes until the transaction ends, and adds the send to them. Other wallets wait
   * meanwhile: call it last.
   * @throws AppError send.brake_reached, send.above_compat_limit
   */
  async add(tx: EntityManager, counted: CountedIn): Promise<void> {
    const sums = this.sumsOf(counted);
    if (sums.length === 0) return;
    const empty = sums.map(({ id }) => ({ id, sums: this.seal(id, []) }));
    const stored = this.opened(await this.limits.lockSums(tx, empty));
    const refused = refusedBySums(counted.spending, this.facts(counted, sums, stored));
    if (refused) throw refusalOf(refused);
    const totals = totalsOf(counted.spending);
    for (const sum of sums) {
      const next = added(stored.get(sum.id) ?? [], sum.windowMs, totals.get(sum.asset) ?? 0n, counted.now);
      await this.limits.saveSums(tx, { id: sum.id, sums: this.seal(sum.id, next) });
    }
  }

  /** In the order of their ids, in which they are locked. */
  private sumsOf({ applicationId, spending, compatPerDay }: CountedIn): readonly Sum[] {
    const braked = this.brakeOf(spending).map(({ chain, token }) => assetKey(chain, token));
    return [...totalsOf(spending).keys()]
      .flatMap((asset) => [
        ...(braked.includes(asset) ? [{ id: `brake/${asset}`, asset, windowMs: HOUR_MS }] : []),
        ...(compatPerDay?.has(asset) ? [{ id: `${applicationId}/${asset}`, asset, windowMs: DAY_MS }] : []),
      ])
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  }

  private brakeOf({ chain }: Spending): Sums['brake']['limits'] {
    return (this.chains.find(chain)?.maxSentPerHour ?? []).map((limit) => ({ chain, ...limit }));
  }

  private facts(
    { spending, compatPerDay, now }: CountedIn,
    sums: readonly Sum[],
    stored: ReadonlyMap<string, Buckets>,
  ): Sums {
    const spentIn = (windowMs: number): Totals =>
      new Map(
        sums
          .filter((sum) => sum.windowMs === windowMs)
          .map(({ id, asset }) => [asset, sumOf(stored.get(id) ?? [], windowMs, now)]),
      );
    return {
      brake: { limits: this.brakeOf(spending), spentInHour: spentIn(HOUR_MS) },
      compat: compatPerDay && { perDay: compatPerDay, spentInDay: spentIn(DAY_MS) },
    };
  }

  private seal(id: string, buckets: Buckets): Sealed {
    return sealedSums.seal(this.keyRing.active('sealing'), id, buckets);
  }

  private opened(
    found: readonly { readonly id: string; readonly sums: Sealed }[],
  ): ReadonlyMap<string, Buckets> {
    const keys = (keyId: string) => this.keyRing.find('sealing', keyId);
    return new Map(found.map(({ id, sums }) => [id, sealedSums.open(keys, id, sums)]));
  }
}

/** As a send is refused. */
export function refusalOf(code: SendRefusal): Error {
  return sendRefusal(
    code,
    code === 'send.brake_reached' || code === 'send.above_share'
      ? { retryAfterSeconds: BRAKE_RETRY_SECONDS }
      : {},
  );
}

/** A bucket is as young as the youngest send in it may be. */
function sumOf(buckets: Buckets, windowMs: number, now: Date): bigint {
  const stepMs = windowMs / BUCKETS;
  const spent = buckets.map(([bucket, amount]) => ({
    at: new Date((bucket + 1) * stepMs - 1),
    totals: new Map([['', BigInt(amount)]]),
  }));
  return spentWithin(windowMs, spent, now).get('') ?? 0n;
}

function added(buckets: Buckets, windowMs: number, amount: bigint, now: Date): Buckets {
  const stepMs = windowMs / BUCKETS;
  const present = Math.floor(now.getTime() / stepMs);
  const sums = new Map(buckets.filter(([bucket]) => bucket >= present - BUCKETS));
  sums.set(present, String(BigInt(sums.get(present) ?? '0') + amount));
  return [...sums];
}

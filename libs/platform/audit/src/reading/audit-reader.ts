import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { Clock, DAY, earliest, extensionPoint } from '@countersign/runtime';
import { Database } from '@countersign/database';
import {
  FIRST_ID,
  type AuditFilter,
  type AuditPosition,
  AuditRepository,
  type StoredRecord,
} from '../records/audit.repository';
import { AuditService, personActor } from '../audit.service';
import { auditEvents } from '../audit.feature';

/** A module that imports this one supplies the names of people in the audit trail. */
export interface AuditNamesSource {
  namesOf(manager: EntityManager, userId: string): Promise<readonly string[]>;
}

export const NamesPeople = extensionPoint<AuditNamesSource>();

export interface AuditSearch {
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly before?: Date | undefined;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  /** Finds the records of a person under all names that the trail has for them. */
  readonly userId?: string | undefined;
  readonly applicationId?: string | undefined;
}

interface AuditPage {
  readonly records: readonly StoredRecord[];
  /** The start of the next page; null when no record is left. */
  readonly next: AuditPosition | null;
}

/** The limit of a filtered call: the only index is that of the order, so it also reads other records. */
export const MAX_EXAMINED = 50_000;

/** One statement covers these days: PostgreSQL plans and locks each partition that a statement names. */
const WINDOW_MS = 31 * DAY;
const MAX_WINDOWS = 16;

/** Reads the audit trail, and records each reading in it. */
@Injectable()
export class AuditReader {
  private readonly sources;

  constructor(
    private readonly database: Database,
    private readonly repository: AuditRepository,
    private readonly audit: AuditService,
    private readonly clock: Clock,
    discovery: DiscoveryService,
  ) {
    this.sources = NamesPeople.in(discovery);
  }

  /**
   * Newest first. A call examines a bounded number of records, so a page before the last one may be short or even
   * empty.
   * @param after the last record that the caller knows
   */
  async page(search: AuditSearch, limit: number, after: AuditPosition | null): Promise<AuditPage> {
    const filter = await this.filterOf(search);
    await this.record(search, filter);
    return this.database.read((manager) => this.pageWithin(manager, search, filter, limit, after));
  }

  private async pageWithin(
    manager: EntityManager,
    search: AuditSearch,
    filter: AuditFilter,
    limit: number,
    after: AuditPosition | null,
  ): Promise<AuditPage> {
    const from = await this.startOf(manager, search);
    if (from === null || filter.names?.length === 0) return { records: [], next: null };
    const isFiltered = Object.values(filter).some((value) => value !== null);
    const records: StoredRecord[] = [];
    let position = after ?? { occurredAt: this.endOf(search), id: FIRST_ID };
    let left = isFiltered ? MAX_EXAMINED : limit + 1;
    for (let window = 0; window < MAX_WINDOWS && left > 0; window += 1) {
      if (position.occurredAt < from) return { records, next: null };
      const windowStart = later(new Date(position.occurredAt.getTime() - WINDOW_MS), from);
      const { count, floor } = isFiltered
        ? await this.repository.examine(manager, windowStart, position, left)
        : { count: 0, floor: null };
      // All records of the instant at the limit are examined.
      const start = count === left && floor ? floor : windowStart;
      const wanted = limit - records.length;
      const found = await this.repository.page(manager, start, position, wanted + 1, filter);
      records.push(...found.slice(0, wanted));
      const last = records.at(-1);
      if (found.length > wanted && last) return { records, next: last };
      if (start.getTime() <= from.getTime()) return { records, next: null };
      left -= isFiltered ? count : found.length;
      position = { occurredAt: start, id: FIRST_ID };
    }
    return { records, next: position };
  }

  private async filterOf(search: AuditSearch): Promise<AuditFilter> {
    const { action = null, actor = null, subject = null, userId, applicationId = null } = search;
    const names = userId === undefined ? null : await this.namesOf(userId);
    return { action, actor, subject, names, applicationId };
  }

  private async namesOf(userId: string): Promise<readonly string[]> {
    return this.database.read(async (manager) => {
      const names: string[] = [];
      for (const source of this.sources.all) names.push(...(await source.namesOf(manager, userId)));
      return names;
    });
  }

  /** @returns `from`, or the first record if this is later; null when the trail is empty */
  private async startOf(manager: EntityManager, { from }: Pick<AuditSearch, 'from'>): Promise<Date | null> {
    if (from && this.clock.now().getTime() - from.getTime() < WINDOW_MS) return from;
    const first = await this.repository.earliest(manager);
    return first && (from ? later(from, first) : first);
  }

  /** The clock of another replica may be slightly ahead. */
  private endOf({ before }: AuditSearch): Date {
    const latest = new Date(this.clock.now().getTime() + DAY);
    return earliest(latest, before ?? latest);
  }

  private async record(search: AuditSearch, { names }: AuditFilter): Promise<void> {
    const filters = Object.entries(search)
      .filter(([, value]) => value !== undefined)
      .map(([name]) => name)
      .toSorted()
      .join(' ');
    const subject = names?.find((name) => name.startsWith(personActor('')));
    await this.database.transaction((tx) =>
      this.audit.recordByOperator(tx, auditEvents.read, {
        details: { filters },
        ...(subject === undefined ? {} : { subject }),
      }),
    );
  }
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}

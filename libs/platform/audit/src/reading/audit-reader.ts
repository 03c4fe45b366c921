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
import { operator } from '../operator';
import { auditEvents } from '../audit.feature';

/** Names of people in the audit trail, from a module that imports this one. */
export interface AuditNamesSource {
  /** The person's names as actor or subject; none for an unknown person. */
  namesOf(manager: EntityManager, userId: string): Promise<readonly string[]>;
}

export const NamesPeople = extensionPoint<AuditNamesSource>();

export interface AuditSearch {
  /** The first instant. */
  readonly from?: Date | undefined;
  /** The instant after the last one. */
  readonly before?: Date | undefined;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  /** Records of a person: by all names that the trail has for them. */
  readonly userId?: string | undefined;
  readonly applicationId?: string | undefined;
}

interface AuditPage {
  /** Newest first. */
  readonly records: readonly StoredRecord[];
  /** Where the next page starts; null when no record is left. */
  readonly next: AuditPosition | null;
}

/** Of one call with filters: the only index is that of the order, so it reads records that do not match too. */
export const MAX_EXAMINED = 50_000;

/** Days of one statement: PostgreSQL plans and locks each partition that it names. */
const WINDOW_MS = 31 * DAY;
const MAX_WINDOWS = 16;

/** Reads the audit trail. Reading it is recorded in it. */
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
   * Newest first. A call reads a bounded number of records: a page may have fewer than the limit, even none, although
   * there is a next page.
   * @param after the last record that is known
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
      // Of the instant that the limit cuts, all records are looked at.
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

  /** @returns `from`, but not before the first record; null when the trail has no record */
  private async startOf(manager: EntityManager, { from }: Pick<AuditSearch, 'from'>): Promise<Date | null> {
    if (from && this.clock.now().getTime() - from.getTime() < WINDOW_MS) return from;
    const first = await this.repository.earliest(manager);
    return first && (from ? later(from, first) : first);
  }

  /** The clock of another replica may be ahead a little. */
  private endOf({ before }: AuditSearch): Date {
    const latest = new Date(this.clock.now().getTime() + DAY);
    return earliest(latest, before ?? latest);
  }

  /** With the names of the filters, and the person whose records are wanted. */
  private async record(search: AuditSearch, { names }: AuditFilter): Promise<void> {
    const filters = Object.entries(search)
      .filter(([, value]) => value !== undefined)
      .map(([name]) => name)
      .toSorted()
      .join(' ');
    const subject = names?.find((name) => name.startsWith(personActor('')));
    await this.database.transaction((tx) =>
      this.audit.record(tx, auditEvents.read, {
        actor: operator(),
        details: { filters },
        ...(subject === undefined ? {} : { subject }),
      }),
    );
  }
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}

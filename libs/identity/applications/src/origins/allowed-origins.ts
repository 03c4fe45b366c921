import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { requestError } from '@countersign/http';
import { ApplicationsRepository } from '../store/applications.repository';
import { OwnOrigins } from './own-origins';

const FRESH_MS = 5_000;
/** For an origin that is not on the list: its application may be new. */
const FRESH_OF_NEW_MS = 500;

type Origins = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Which web origins may call, and for which application. Refreshed every few seconds; while the database is
 * away the last list stays, so that web pages can read the errors.
 */
@Injectable()
export class AllowedOrigins {
  private byApplication: Origins | null = null;
  private loading: Promise<Origins> | null = null;
  private triedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsRepository,
    private readonly own: OwnOrigins,
  ) {}

  /** A preflight request names no application, so the origins of all are allowed. */
  async isKnown(origin: string): Promise<boolean> {
    return [...(await this.load()).values()].some((origins) => origins.has(origin));
  }

  /**
   * @param origin the `Origin` header, if any. A page of the service itself is always allowed.
   * @throws AppError request.origin_not_allowed
   */
  async assertAllowed(applicationId: string, origin: string | undefined): Promise<void> {
    if (origin === undefined || this.own.has(origin)) return;
    for (const freshMs of [FRESH_MS, FRESH_OF_NEW_MS])
      if ((await this.load(freshMs)).get(applicationId)?.has(origin)) return;
    throw requestError('request.origin_not_allowed');
  }

  private async load(freshMs = FRESH_MS): Promise<Origins> {
    const known = this.byApplication;
    if (known && performance.now() - this.triedAt < freshMs) return known;
    this.loading ??= this.read();
    try {
      return await this.loading;
    } catch (error) {
      if (known) return known;
      throw error;
    }
  }

  private async read(): Promise<Origins> {
    try {
      const found = await this.database.read((manager) => this.applications.findOrigins(manager));
      this.byApplication = new Map(
        found.map(({ applicationId, origins }) => [applicationId, new Set(origins)]),
      );
      return this.byApplication;
    } finally {
      this.triedAt = performance.now();
      this.loading = null;
    }
  }
}

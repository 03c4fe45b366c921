import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { requestError } from '@countersign/http';
import { ApplicationsRepository } from './applications.repository';

/** Where a request says it comes from. */
export interface RequestOrigin {
  readonly origin: string | undefined;
  readonly host: string | undefined;
}

const FRESH_MS = 5_000;

type Origins = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Which web origins may call, and for which application. Read again every few seconds; while the database is away the
 * last ones stay, so that web pages can read why they are not served.
 */
@Injectable()
export class AllowedOrigins {
  private byApplication: Origins | null = null;
  private loading: Promise<Origins> | null = null;
  private triedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsRepository,
  ) {}

  /** A preflight request names no application, so an origin of any will do. */
  async isKnown(origin: string): Promise<boolean> {
    return [...(await this.load()).values()].some((origins) => origins.has(origin));
  }

  /**
   * @param origin the `Origin` header, if any. A page of the service itself (its `host`) is always allowed.
   * @throws AppError request.origin_not_allowed
   */
  async assertAllowed(
    applicationId: string,
    origin: string | undefined,
    host: string | undefined,
  ): Promise<void> {
    if (origin === undefined || isSameOrigin(origin, host)) return;
    const origins = (await this.load()).get(applicationId);
    if (!origins?.has(origin)) throw requestError('request.origin_not_allowed');
  }

  private async load(): Promise<Origins> {
    const known = this.byApplication;
    if (known && performance.now() - this.triedAt < FRESH_MS) return known;
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

/** Browsers set `Origin` and `Host` themselves, so that equality means a page of this very service. */
function isSameOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { requestError } from '@countersign/http';
import { ApplicationsRepository } from './applications.repository';

const FRESH_MS = 5_000;

/** Which web origins may call, and for which application. Read again every few seconds. */
@Injectable()
export class AllowedOrigins {
  private byApplication: Promise<ReadonlyMap<string, ReadonlySet<string>>> | null = null;
  private loadedAt = Number.NEGATIVE_INFINITY;

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

  private load(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
    if (this.byApplication && performance.now() - this.loadedAt < FRESH_MS) return this.byApplication;
    this.loadedAt = performance.now();
    this.byApplication = this.database
      .read((manager) => this.applications.findOrigins(manager))
      .then((found) => new Map(found.map(({ applicationId, origins }) => [applicationId, new Set(origins)])));
    this.byApplication.catch(() => {
      this.byApplication = null;
    });
    return this.byApplication;
  }
}

/** Browsers set `Origin` and `Host` themselves, so that equality means a page of this very service. */
function isSameOrigin(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}

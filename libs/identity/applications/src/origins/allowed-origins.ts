import { Injectable } from '@nestjs/common';
import { requestError } from '@countersign/http';
import { ApplicationDirectory } from '../application-directory';
import { OwnOrigins } from './own-origins';

/** Which web origins may call, and for which application. */
@Injectable()
export class AllowedOrigins {
  private last: ReadonlySet<string> | null = null;

  constructor(
    private readonly applications: ApplicationDirectory,
    private readonly own: OwnOrigins,
  ) {}

  /**
   * A preflight request names no application, so the origins of all are allowed. While the database is away the last list
   * stays, so that web pages can read the errors.
   */
  async isKnown(origin: string): Promise<boolean> {
    try {
      this.last = await this.applications.origins();
    } catch (error) {
      if (!this.last) throw error;
    }
    return this.last.has(origin);
  }

  /**
   * @param origin the `Origin` header, if any. A page of the service itself is always allowed.
   * @throws AppError request.origin_not_allowed
   */
  async assertAllowed(applicationId: string, origin: string | undefined): Promise<void> {
    if (origin === undefined || this.own.has(origin)) return;
    const known = await this.applications.get(applicationId);
    if (!known?.application.settings.origins.includes(origin))
      throw requestError('request.origin_not_allowed');
  }
}

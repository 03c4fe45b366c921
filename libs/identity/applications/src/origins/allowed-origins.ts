import type { Server } from 'node:http';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Configuration } from '@countersign/runtime';
import { requestError } from '@countersign/http';
import { ApplicationDirectory } from '../application-directory';

/**
 * The web origins of the service itself: that of `PUBLIC_URL`, and in development the listening address. The `Host`
 * header is not trusted, because any name can resolve to this service.
 */
@Injectable()
export class OwnOrigins {
  private readonly published: string | null;

  constructor(
    private readonly configuration: Configuration,
    private readonly adapterHost: HttpAdapterHost,
  ) {
    const { publicUrl } = configuration;
    this.published = publicUrl === null ? null : new URL(publicUrl).origin;
  }

  has(origin: string): boolean {
    return origin === this.published || this.listened().includes(origin);
  }

  private listened(): readonly string[] {
    if (this.configuration.nodeEnv === 'production') return [];
    // The CLI has no server.
    const adapter = this.adapterHost.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined;
    const address = (adapter?.getHttpServer() as Server | undefined)?.address();
    return address && typeof address === 'object' ? originsAt(address.address, address.port) : [];
  }
}

const EVERY_ADDRESS = ['0.0.0.0', '::'];
const THIS_MACHINE = ['127.0.0.1', '::1'];

function originsAt(address: string, port: number): readonly string[] {
  const isOfThisMachine = [...EVERY_ADDRESS, ...THIS_MACHINE].includes(address);
  const names = EVERY_ADDRESS.includes(address) ? THIS_MACHINE : [address];
  return [
    ...names.map((name) => (name.includes(':') ? `[${name}]` : name)),
    ...(isOfThisMachine ? ['localhost'] : []),
  ].map((name) => `http://${name}:${port}`);
}

@Injectable()
export class AllowedOrigins {
  private last: ReadonlySet<string> | null = null;

  constructor(
    private readonly applications: ApplicationDirectory,
    private readonly own: OwnOrigins,
  ) {}

  /**
   * A preflight request names no application, so the origins of all are allowed. If the database is away, the last list
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

  /** @param origin the header; own pages are always allowed */
  async assertAllowed(applicationId: string, origin: string | undefined): Promise<void> {
    if (origin === undefined || this.own.has(origin)) return;
    const known = await this.applications.get(applicationId);
    if (!known?.application.settings.origins.includes(origin))
      throw requestError('request.origin_not_allowed');
  }
}

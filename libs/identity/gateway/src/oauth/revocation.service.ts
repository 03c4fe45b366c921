import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AllowedOrigins } from '@countersign/applications';
import { Clock } from '@countersign/runtime';
import { Database } from '@countersign/database';
import {
  DeviceKeys,
  RequestAuthenticator,
  SessionsService,
  TokenInspector,
  type EndReason,
  type Session,
} from '@countersign/sessions';
import { ClientCalls } from './authenticated-client';
import type { TokenRequest } from './token-parameters';

/**
 * RFC 7009: ends the session of a token. A used refresh token and the previous access token count too, because their
 * holder received them. Unknown, foreign or invalid tokens have no effect, and the response is the same.
 */
@Injectable()
export class RevocationService {
  constructor(
    private readonly clients: ClientCalls,
    private readonly tokens: TokenInspector,
    private readonly sessions: SessionsService,
    private readonly deviceKeys: DeviceKeys,
    private readonly requests: RequestAuthenticator,
    private readonly origins: AllowedOrigins,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Called by the application of the session, or by the holder of the token. */
  async revoke(wanted: TokenRequest, request: FastifyRequest): Promise<void> {
    const { authorization } = request.headers;
    await (authorization === undefined
      ? this.revokeForHolder(wanted, request)
      : this.revokeForApplication(await this.clients.identifyServer(request.headers), wanted));
  }

  private async revokeForApplication(applicationId: string, { token }: TokenRequest): Promise<void> {
    const session = await this.tokens.findSession(token);
    if (session?.applicationId !== applicationId) return;
    await this.end(session, 'revoked', `application:${applicationId}`);
  }

  private async revokeForHolder(
    { token, client_id: named }: TokenRequest,
    request: FastifyRequest,
  ): Promise<void> {
    const session = await this.tokens.findSession(token);
    // A session past its absolute end stays over. A logout would allow its proof to open another one.
    if (!session || session.endedAt || session.expiresAt <= this.clock.now()) return;
    const { id, applicationId, deviceKeyThumbprint } = session;
    if (named !== undefined && named.toLowerCase() !== applicationId) return;
    const { origin } = request.headers;
    await this.origins.assertAllowed(applicationId, origin);
    // The token is a parameter and opens no resource, so the proof needs no `ath` (RFC 9449 section 4.2).
    if (deviceKeyThumbprint !== null)
      await this.deviceKeys.assertPossession(this.requests.shownBy(request), { deviceKeyThumbprint }, null);
    await this.end(session, 'logout', `session:${id}`);
  }

  private async end({ id }: Session, reason: EndReason, by: string): Promise<void> {
    await this.database.transaction((tx) => this.sessions.end(tx, { ids: [id] }, reason, { by }));
  }
}

import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Configuration, extensionPoint } from '@countersign/runtime';
import { requestUri } from '@countersign/http';
import { dpopError, sessionError } from '../session.errors';
import { DeviceKeys, type ShownProof } from '../device-keys/device-keys';
import { SessionAuthenticator, type Access } from './session-authenticator';

/** Init data as the credential of one request (`Authorization: tma`), and where it is presented. */
export interface ShownInitData {
  readonly initData: string;
  readonly applicationId: unknown;
  /** The origin of the page; undefined if no browser sent the request. */
  readonly origin: string | undefined;
}

export interface RequestCredentials {
  /** Returns the caller without a session. */
  authenticate(shown: ShownInitData): Promise<Access>;
}

/** The only verifier of per-request init data. It knows the ways to sign in. */
export const VerifiesRequests = extensionPoint<RequestCredentials>();

const APPLICATION_HEADER = 'x-countersign-application';

export interface Credentials {
  readonly scheme: 'bearer' | 'dpop';
  readonly accessToken: string;
}

/** Accepts `Bearer` (RFC 6750) and `DPoP` (RFC 9449). */
export function credentialsOf(authorization: string | undefined): Credentials {
  const match = /^(Bearer|DPoP) ([^ ]+)$/i.exec(authorization ?? '');
  if (!match?.[1] || !match[2]) throw sessionError('session.token_missing');
  return { scheme: match[1].toLowerCase() as Credentials['scheme'], accessToken: match[2] };
}

/** RFC 9449 section 7.1: a bound token must not be used as a bearer token, and an unbound one only as such. */
export function assertScheme(scheme: Credentials['scheme'], deviceKeyThumbprint: string | null): void {
  if (deviceKeyThumbprint !== null && scheme === 'bearer') throw dpopError('dpop.proof_missing');
  if (deviceKeyThumbprint === null && scheme === 'dpop') throw dpopError('dpop.session_not_bound');
}

/** Returns the init data of `Authorization: tma`; undefined for other credentials. */
export function initDataIn(authorization: string | undefined): string | undefined {
  const scheme = /^tma(?: |$)/i.exec(authorization ?? '')?.[0];
  return scheme === undefined ? undefined : authorization?.slice(scheme.length);
}

/** Accepts init data, or an access token with a proof of the device key if the session is bound. */
@Injectable()
export class RequestAuthenticator {
  private readonly verifiers;

  constructor(
    private readonly authenticator: SessionAuthenticator,
    private readonly deviceKeys: DeviceKeys,
    private readonly configuration: Configuration,
    discovery: DiscoveryService,
  ) {
    this.verifiers = VerifiesRequests.in(discovery);
  }

  async authenticate(request: FastifyRequest): Promise<Access> {
    const { authorization, origin, [APPLICATION_HEADER]: applicationId } = request.headers;
    const initData = initDataIn(authorization);
    return initData === undefined
      ? this.authenticateFor(authorization, () => this.shownBy(request))
      : this.authenticateInitData({ initData, applicationId, origin });
  }

  async authenticateInitData(shown: ShownInitData): Promise<Access> {
    const [verifier] = this.verifiers.all;
    if (!verifier) throw sessionError('session.token_missing');
    return verifier.authenticate(shown);
  }

  /**
   * Allocates no promise on cache hits, see `SessionAuthenticator.authenticate`.
   * @param shown the presented device key proof, and its request
   */
  authenticateFor(authorization: string | undefined, shown: () => ShownProof): Access | Promise<Access> {
    const { scheme, accessToken } = credentialsOf(authorization);
    const access = this.authenticator.authenticate(accessToken, async (session) => {
      assertScheme(scheme, session.deviceKeyThumbprint);
      await this.deviceKeys.assertPossession(shown(), session, accessToken);
    });
    const asserted = (found: Access): Access => {
      assertScheme(scheme, found.deviceKeyThumbprint);
      return found;
    };
    return access instanceof Promise ? access.then(asserted) : asserted(access);
  }

  shownBy(request: FastifyRequest): ShownProof {
    const { dpop } = request.headers;
    return { proof: dpop, method: request.method, uri: requestUri(request, this.configuration.publicUrl) };
  }
}

import { extensionPoint } from '@countersign/extensions';
import type { Access } from './session-authenticator';

/** Init data as the credential of one request (`Authorization: tma`), and where it is presented. */
export interface ShownInitData {
  readonly initData: string;
  /** The header with the application. */
  readonly applicationId: unknown;
  /** Of the page; undefined where no browser sent the request to this service. */
  readonly origin: string | undefined;
}

export interface RequestCredentials {
  /** The caller, without a session. @throws AppError with the code of the first rule that fails */
  authenticate(shown: ShownInitData): Promise<Access>;
}

/** The one verifier of init data with each request, which knows the ways to sign in. */
export const VerifiesRequests = extensionPoint<RequestCredentials>();

/** The header that names the application of init data with each request. */
export const APPLICATION_HEADER = 'x-countersign-application';

import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { SignJWT } from 'jose';
import type { OpenIdentityKey } from '../keys/key-pairs';

/** The `typ` of identity tokens: a JWT of another kind is none (RFC 8725, section 3.11). */
export const IDENTITY_TOKEN_TYPE = 'countersign-identity+jwt';

/** The claims of every identity token. */
export interface StandardClaims {
  readonly iss: string;
  /** User id. */
  readonly sub: string;
  readonly aud: string;
  /** Session id; absent where init data of the request stands in for a session. */
  readonly sid?: string;
  /** Application id. */
  readonly client_id: string;
  /** Seconds since 1970, like `exp`. */
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  /** Separated by spaces; may be empty. */
  readonly scope: string;
  /** The assurance of the session: how hard its proof is to forge. */
  readonly acr: string;
  /** The door that opened the session; empty when it is not known. */
  readonly amr: readonly string[];
  /** Seconds since 1970: when a proof of the person was last verified. */
  readonly auth_time: number;
}

/** Makes a JWT of claims. */
@Injectable()
export class TokenSigner {
  constructor(private readonly jwt: JwtService) {}

  /** `@nestjs/jwt` stands on a library without EdDSA. */
  async sign({ algorithm, kid, privateKey }: OpenIdentityKey, claims: StandardClaims): Promise<string> {
    const header = { alg: algorithm, typ: IDENTITY_TOKEN_TYPE, kid };
    return algorithm === 'ES256'
      ? this.jwt.sign({ ...claims }, { privateKey, algorithm, header })
      : new SignJWT({ ...claims }).setProtectedHeader(header).sign(privateKey);
  }
}

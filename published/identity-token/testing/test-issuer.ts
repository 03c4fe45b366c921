import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, type JWTHeaderParameters } from 'jose';
import type { IdentityTokenAlgorithm } from '@countersign/identity-token';

export interface SigningKey {
  readonly keyId: string;
  readonly algorithm: IdentityTokenAlgorithm;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As it stands in the set. */
  readonly jwk: Record<string, unknown>;
}

const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;

/** Created as text and parsed: Node 20 may hang while it exports a generated EC key as a JWK. */
export function aKey(keyId: string, algorithm: IdentityTokenAlgorithm = 'ES256'): SigningKey {
  const pair =
    algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding, privateKeyEncoding })
      : generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding });
  const [privateKey, publicKey] = [createPrivateKey(pair.privateKey), createPublicKey(pair.publicKey)];
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: algorithm, use: 'sig' };
  return { keyId, algorithm, privateKey, publicKey, jwk };
}

export function aTokenOf(
  key: SigningKey,
  claims: Record<string, unknown>,
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({
      alg: key.algorithm,
      typ: 'countersign-identity+jwt',
      kid: key.keyId,
      ...header,
    })
    .sign(key.privateKey);
}

/** An issuer with real keys on a real server, which counts how often it is asked. */
export class TestIssuer {
  now = new Date('2026-11-20T12:00:00Z');
  asked = 0;
  published: readonly unknown[] = [];
  /** Instead of the keys. */
  answer: RequestListener | null = null;
  private server: Server | null = null;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** After a stop it is on the same port again. */
  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      this.asked += 1;
      if (this.answer) {
        this.answer(request, response);
        return;
      }
      if (request.url !== '/.well-known/jwks.json') {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'cache-control': 'public, max-age=300' });
      response.end(JSON.stringify({ keys: this.published }));
    });
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!this.server) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    this.server = null;
    await closed;
  }

  wait(seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1_000);
  }

  /** Of a token as the service issues it, at this moment. */
  claims(overrides: Record<string, unknown> = {}): Record<string, unknown> {
    const iat = Math.floor(this.now.getTime() / 1_000);
    return {
      iss: this.url,
      sub: 'user-1',
      aud: 'shop',
      sid: 'session-1',
      client_id: 'application-1',
      jti: 'token-1',
      scope: 'orders:read orders:write',
      acr: 'platform',
      amr: ['telegram-init-data'],
      auth_time: iat - 60,
      iat,
      exp: iat + 300,
      ...overrides,
    };
  }
}

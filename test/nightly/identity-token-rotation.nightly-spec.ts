import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { createIdentityTokenVerifier, type IdentityTokenVerifier } from '@countersign/identity-token';
import { IdentityKeys, IdentityKeyUpkeep, IdentityTokens } from '@countersign/issuer';
import type { Principal } from '@countersign/sessions';
import type { TestApp } from '../support/test-app';
import { useTestApp } from '../support/use-test-app';

const ISSUER = 'https://id.example.com';
const HOUR = 3_600;

const aPrincipal = (): Principal => ({
  sessionId: randomUUID(),
  userId: randomUUID(),
  applicationId: randomUUID(),
  identityId: randomUUID(),
  assurance: 'platform',
  door: 'telegram-init-data',
  authenticatedAt: new Date('2026-11-20T11:59:58.700Z'),
  isOfAllowedBot: false,
  scopes: ['chat'],
});

describe('an identity token, while keys rotate,', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const inSeconds = (seconds: number): Date => new Date(app.clock.now().getTime() + seconds * 1_000);
  const secondsNow = (): number => app.clock.now().getTime() / 1_000;

  const STEP = 15;
  const KEPT_FOR = 300;

  /** Tokens with the keys under which their signatures are valid, which they are for good. */
  const verified = new Set<string>();

  /** What a gateway does that fetches the key set by the clock only, and never because of a token. */
  class PatientVerifier {
    private kept: JSONWebKeySet = { keys: [] };
    private fetchedAt = Number.NEGATIVE_INFINITY;

    constructor(
      private readonly from: TestApp,
      private readonly phase: number,
    ) {}

    async verify(token: string): Promise<void> {
      const currentDate = this.from.clock.now();
      const now = currentDate.getTime() / 1_000;
      if (now - this.fetchedAt >= KEPT_FOR) {
        this.kept = (await this.from.http.get('/.well-known/jwks.json').expect(200)).body as JSONWebKeySet;
        // The first time it has kept them for a while already.
        this.fetchedAt = this.fetchedAt < 0 ? now - this.phase : now;
      }
      const keys = this.kept.keys.filter(({ kid }) => kid === kidOf(token));
      const signature = `${token} ${JSON.stringify(keys)}`;
      if (verified.has(signature)) return;
      await jwtVerify(token, createLocalJWKSet({ keys }), {
        issuer: ISSUER,
        audience: 'shop',
        currentDate,
      });
      verified.add(signature);
    }
  }

  function aService(from: TestApp): IdentityTokenVerifier {
    return createIdentityTokenVerifier({
      issuer: ISSUER,
      audience: 'shop',
      jwksUrl: `http://127.0.0.1:${from.port}/.well-known/jwks.json`,
      now: () => app.clock.now(),
    });
  }

  it('is accepted everywhere, at every moment of its life', async () => {
    await app.withReplica(async (replica) => {
      const replicas = [app, replica] as const;
      const gateways = [
        ...[0, 200].map((phase) => new PatientVerifier(app, phase)),
        ...[90, 285].map((phase) => new PatientVerifier(replica, phase)),
      ];
      const verifiers = [...gateways, ...replicas.map(aService)];
      const keys = replica.nest.get(IdentityKeys);
      const signers = new Set<unknown>();
      let alive: readonly string[] = [];
      let steps = 0;

      const isYoungOrOld = (token: string): boolean => {
        const { iat = 0, exp = 0 } = decodeJwt(token);
        return secondsNow() - iat <= 2 * STEP || exp - secondsNow() <= 2 * STEP;
      };

      const walk = async (seconds: number): Promise<void> => {
        for (let passed = 0; passed < seconds; passed += STEP) {
          const principal = aPrincipal();
          const fresh = await Promise.all(
            replicas.map(({ nest }) => nest.get(IdentityTokens).issue(principal, 'shop', inSeconds(HOUR))),
          );
          alive = [...alive, ...fresh].filter((token) => (decodeJwt(token).exp ?? 0) > secondsNow());
          // Keys come and go around the first and the last seconds of a token; all that is between is looked at now and then.
          for (const token of steps % 5 === 0 ? alive : alive.filter(isYoungOrOld)) {
            signers.add(kidOf(token));
            await Promise.all(verifiers.map((verifier) => verifier.verify(token)));
          }
          await app.nest.get(IdentityKeyUpkeep).run();
          app.clock.advance(STEP);
          steps += 1;
        }
      };

      await walk(300);
      const [before] = await keys.list();
      const next = await keys.rotate();
      await walk(1_500);

      expect(steps).toBe(120);
      expect([...signers]).toEqual([before?.kid, next.kid]);
      expect((await keys.list()).map(({ kid }) => kid)).toEqual([next.kid]);
    });
  });
});

function kidOf(token: string): string {
  const [header = ''] = token.split('.');
  return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid;
}

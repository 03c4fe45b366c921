import { spawnSync } from 'node:child_process';
import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader, SignJWT, type JWTHeaderParameters } from 'jose';
import { IdentityKeys, IDENTITY_TOKEN_TYPE } from '@countersign/issuer';
import { patience } from '../runner/patience.cjs';
import { FakeClock } from '../support/fake-clock';
import { ISSUER } from '../support/oauth';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { run } from '../system/support/program';

const HOUR = 3_600;
const JWKS = `${ISSUER}/.well-known/jwks.json`;
const GO_PATH = '/usr/share/gocode';
/** Debian 12 has version 2, with the same calls. */
const GO_LIBRARY = ['github.com/coreos/go-oidc/v3/oidc', 'github.com/coreos/go-oidc'].find((each) =>
  existsSync(join(GO_PATH, 'src', each)),
);

const PYTHON_MAIN = `
import json, sys
for token in sys.argv[1:]:
    try:
        print(json.dumps(verify_identity_token(token)))
    except jwt.PyJWTError as error:
        print(json.dumps({"refused": type(error).__name__}))
`;
const GO_MAIN = `
func main() {
	for _, text := range os.Args[1:] {
		var answer any
		token, err := verifyIdentityToken(context.Background(), text)
		if err == nil {
			err = token.Claims(&answer)
		}
		if err != nil {
			answer = map[string]string{"refused": err.Error()}
		}
		json.NewEncoder(os.Stdout).Encode(answer)
	}
}
`;

/** A language, and what its recipe says to each token that it refuses. */
interface Recipe {
  /** @returns the command that takes tokens */
  readonly prepare: (jwksUrl: string, folder: string) => readonly string[];
  readonly expired: string;
  readonly audience: string;
  readonly issuer: string;
  readonly absent: Readonly<Record<'iss' | 'exp' | 'aud' | 'sub', string>>;
  readonly typ: string;
  readonly signature: string;
  readonly kid: string;
  readonly algorithm: string;
  readonly malformed: string;
}

const PYTHON: Recipe = {
  prepare: (jwksUrl) => [
    // Debian's, which has the library.
    '/usr/bin/python3',
    '-c',
    shown('python').replace(JWKS, jwksUrl) + PYTHON_MAIN,
  ],
  expired: 'ExpiredSignatureError',
  audience: 'InvalidAudienceError',
  issuer: 'InvalidIssuerError',
  absent: {
    iss: 'MissingRequiredClaimError',
    exp: 'MissingRequiredClaimError',
    aud: 'MissingRequiredClaimError',
    sub: 'MissingRequiredClaimError',
  },
  typ: 'InvalidTokenError',
  signature: 'InvalidSignatureError',
  kid: 'PyJWKClientError',
  algorithm: 'InvalidAlgorithmError',
  malformed: 'DecodeError',
};

const GO: Recipe = {
  prepare: (jwksUrl, folder) => {
    const source = join(folder, 'main.go');
    const code = shown('go')
      .replace('github.com/coreos/go-oidc/v3/oidc', GO_LIBRARY ?? '')
      .replace('import (', 'import (\n\t"os"')
      .replace(JWKS, jwksUrl);
    writeFileSync(source, `package main\n\n${code}${GO_MAIN}`);
    const { status, stderr } = spawnSync('go', ['build', '-o', join(folder, 'verify'), source], {
      env: { ...process.env, GO111MODULE: 'off', GOPATH: GO_PATH, GOCACHE: join(folder, 'cache') },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return [join(folder, 'verify')];
  },
  expired: 'token is expired',
  audience: 'expected audience',
  issuer: 'different provider',
  absent: {
    iss: 'different provider',
    exp: 'token is expired',
    aud: 'expected audience',
    sub: 'not an identity token',
  },
  typ: 'not an identity token',
  signature: 'failed to verify',
  kid: 'failed to verify',
  algorithm: 'unsupported algorithm',
  malformed: 'malformed jwt',
};

/** What docs/gateway.md shows. */
function shown(language: string): string {
  const page = readFileSync(join(__dirname, '../../docs/gateway.md'), 'utf8');
  const [, code = ''] = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page) ?? [];
  expect(code).toContain(JWKS);
  return code;
}

const hasGo = GO_LIBRARY !== undefined && spawnSync('go', ['version']).status === 0;

describe.each([['python', PYTHON] as const, ...(hasGo || process.env['CI'] ? [['go', GO] as const] : [])])(
  'the %s of docs/gateway.md',
  (_, recipe) => {
    const clock = useFixture(() => new FakeClock(new Date(Date.now() - HOUR * 1_000)));
    const app = useTestApp(() => ({ clock, environment: { PUBLIC_URL: ISSUER } }));
    const shop = useApplication(app, {
      settings: { audiences: ['orders', 'billing'], scopes: ['orders:read'] },
    });
    const folder = mkdtempSync(join(tmpdir(), 'countersign-recipe-'));
    const made: Record<string, string> = {};
    let command: readonly string[];
    let userId: string;
    let key: KeyObject;

    async function answersTo(...tokens: readonly string[]): Promise<unknown[]> {
      const [program = '', ...words] = command;
      const { stdout } = await run(program, [...words, ...tokens], 10_000 * patience);
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
    }

    /** By the check, for a service. */
    async function actFor(audience: string): Promise<string> {
      const session = await app.signIn(shop);
      ({ userId } = session);
      const answer = await app.check(session.accessToken, `?audience=${audience}`);
      return answer.headers['x-identity-token'] ?? '';
    }

    /** The claims of the good token, with others; signed by the service's key unless there is another one. */
    function forged(claims: object, header: object = {}, by: KeyObject = key): Promise<string> {
      const good = made['good'] ?? '';
      return new SignJWT({ ...decodeJwt(good), ...claims })
        .setProtectedHeader({ ...decodeProtectedHeader(good), ...header } as JWTHeaderParameters & {
          alg: string;
        })
        .sign(by);
    }

    beforeAll(async () => {
      command = recipe.prepare(`http://127.0.0.1:${app.port}/.well-known/jwks.json`, folder);
      made['expired'] = await actFor('orders');
      clock.advance(HOUR);
      made['foreign'] = await actFor('billing');
      made['good'] = await actFor('orders');
      const [signing] = await app.nest.get(IdentityKeys).open();
      if (!signing) throw new Error('there is no key');
      key = signing.privateKey;
    }, 120_000 * patience);

    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('reads the claims of a token for its service', async () => {
      const { good = '' } = made;

      expect(await answersTo(good)).toEqual([decodeJwt(good)]);
      expect(decodeJwt(good)).toMatchObject({ sub: userId, scope: 'orders:read' });
      expect(await answersTo(await forged({}))).toEqual([decodeJwt(good)]);
    });

    it('refuses tokens that are expired, or for another service', async () => {
      const { expired = '', foreign = '' } = made;

      expect(await answersTo(expired, foreign)).toEqual([refusal(recipe.expired), refusal(recipe.audience)]);
    });

    it.each<[string, object, object, string]>([
      ['of another typ', {}, { typ: 'JWT' }, recipe.typ],
      ['without a typ', {}, { typ: undefined }, recipe.typ],
      ['of another issuer', { iss: `${ISSUER}.evil.example` }, {}, recipe.issuer],
      ['without an issuer', { iss: undefined }, {}, recipe.absent.iss],
      ['without an end', { exp: undefined }, {}, recipe.absent.exp],
      ['without an audience', { aud: undefined }, {}, recipe.absent.aud],
      ['without an account', { sub: undefined }, {}, recipe.absent.sub],
    ])('refuses a token %s, although the service has signed it', async (__, claims, header, reason) => {
      expect(await answersTo(await forged(claims, header))).toEqual([refusal(reason)]);
    });

    it('refuses other keys and algorithms', async () => {
      const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
      const [, payload = ''] = (made['good'] ?? '').split('.');
      const { kid } = decodeProtectedHeader(made['good'] ?? '');
      const headed = (alg: string): string => {
        const header = JSON.stringify({ alg, typ: IDENTITY_TOKEN_TYPE, kid });
        return `${Buffer.from(header).toString('base64url')}.${payload}`;
      };
      // The public key as the secret of an HMAC.
      const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' });
      const hmac = createHmac('sha256', pem).update(headed('HS256')).digest('base64url');

      expect(
        await answersTo(
          await forged({}, {}, other),
          await forged({}, { kid: 'unknown' }),
          `${headed('none')}.`,
          `${headed('HS256')}.${hmac}`,
          'x.y.z',
        ),
      ).toEqual([
        refusal(recipe.signature),
        refusal(recipe.kid),
        refusal(recipe.algorithm),
        refusal(recipe.algorithm),
        refusal(recipe.malformed),
      ]);
    });
  },
);

function refusal(reason: string): object {
  return { refused: expect.stringContaining(reason) as string };
}

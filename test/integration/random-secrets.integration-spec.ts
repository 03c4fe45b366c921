import { times, type SignInBody } from '../factories';
import { anOperator } from '../support/operator';
import { aRapidpaceApplication, aRecord, codeOf, openLink, queryOf } from '../support/rapidpace';
import { useApplication, useTestApp } from '../support/use-test-app';

const SAMPLES = 16;
/** Bytes of the id of a session that differ, also while the machine's clock is set back, and of a keyed tag. */
const [ID, TAG] = [6, 8];

const TABLES = [
  ...['users', 'identities', 'sessions', 'applications', 'client_secrets', 'bots', 'rapidpace_secrets'],
  ...['principals', 'principal_secrets', 'principal_tokens'],
];

/** How many bytes of what follows the prefix differ from sample to sample; four random bits are enough to be one. */
function varyingBytes(samples: readonly string[]): number {
  const bytes = samples.map((sample) => Buffer.from(sample.split('_').slice(2).join('_'), 'base64url'));
  const [first = Buffer.alloc(0)] = bytes;
  return [...first.keys()].filter((at) => new Set(bytes.map((each) => each[at])).size > SAMPLES / 4).length;
}

describe('what clients prove themselves with', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  /** One sample after another, since some have a limit. */
  async function samplesOf(take: () => Promise<string>): Promise<readonly string[]> {
    const samples: string[] = [];
    for (const one of times(SAMPLES, () => take)) samples.push(await one());
    return samples;
  }

  const signIn = (): Promise<SignInBody> => app.signIn(demo);
  const secrets: Record<string, readonly [bytes: number, take: () => Promise<string>]> = {
    'an access token': [32 + ID + TAG, async () => (await signIn()).accessToken],
    'a refresh token': [32 + 16 + ID + TAG, async () => (await signIn()).refreshToken],
    'a client secret': [
      32,
      async () =>
        (await app.applications.create({ name: 'Shop', trust: 'first-party', origins: [] })).clientSecret,
    ],
    'a token of a principal': [32 + TAG, async () => (await anOperator(app)).accessToken],
    'a secret of a principal': [32, async () => (await anOperator(app)).clientSecret],
    'a one-time code': [
      32 + TAG,
      async () => {
        const { applicationId, secret } = await aRapidpaceApplication(app);
        return codeOf(await openLink(app, applicationId, queryOf(aRecord(app), secret)));
      },
    ],
  };

  it.each(Object.entries(secrets))(
    '%s is never repeated, and has 256 random bits',
    async (_, [bytes, take]) => {
      const samples = await samplesOf(take);

      expect(new Set(samples).size).toBe(SAMPLES);
      expect(varyingBytes(samples)).toBeGreaterThanOrEqual(bytes);
    },
  );
});

describe('a new installation', () => {
  const app = useTestApp();

  it('has no account, no application, no principal and no secret', async () => {
    await app.http.get('/health/ready').expect(200);

    const [counts] = await app.database.query(
      `SELECT ${TABLES.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`).join(', ')}`,
    );
    expect(counts).toEqual(Object.fromEntries(TABLES.map((table) => [table, 0])));
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { anOperator } from '../support/operator';
import { signInPerson } from '../support/person-session';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

interface Schema {
  readonly properties?: Readonly<Record<string, { readonly type?: unknown; readonly pattern?: string }>>;
}

const HIDDEN = [
  ['Ada\u202egnp.exe', 'bidirectional'],
  ['\u2067Ada\u2069', 'bidirectional'],
  ['A\u200bda', 'control_character'],
  ['Ada\u3164', 'control_character'],
  ['A\u200dda', 'control_character'],
] as const;
const HONEST = ['می‌خواهم', 'क्‍ष', 'Familie 👨‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ❤️', 'O’Neil & Söhne', '김'];

/** Where operators type names. */
const ofOperators = (applicationId: string, principalId: string) => {
  const application = `/v1/admin/applications/${applicationId}`;
  const url = 'https://crm.example.com/events';
  const board = { applicationId, rule: 'best', better: 'higher', calendar: 'weekly', isUnverified: false };
  return {
    CreateApplicationRequest: ['/v1/admin/applications', {}],
    AddClientSecretRequest: [`${application}/secrets`, {}],
    CreateOpenidClientRequest: [`${application}/openid-clients`, { redirectUrls: [url] }],
    CreateBoardRequest: ['/v1/admin/boards', board],
    CreateWebhookRequest: ['/v1/admin/webhooks', { url, types: ['user.created'] }],
    AddPrincipalSecretRequest: [`/v1/admin/principals/${principalId}/secrets`, {}],
  } as const;
};
/** Changes of these, and names that people type, which have tests of their own. */
const OTHERS = [
  ...['ChangeApplicationRequest', 'ChangeOpenidClientRequest', 'BoardPatch', 'ChangeWebhookRequest'],
  ...[
    'CreatePrincipalRequest',
    'ChangePrincipalRequest',
    'TeamPatch',
    'CreateTeamRequest',
    'CreateListingRequest',
    'ListingPatch',
  ],
];

describe('names that are typed', () => {
  const app = useTestApp();
  const demo = useApplication(app);
  const own = useFixture(async () => ({ operator: await anOperator(app) }));
  const requests = () => Object.entries(ofOperators(demo.applicationId, own.operator.principalId));

  it('have no hidden characters, whoever types them', async () => {
    for (const [request, [path, body]] of requests())
      for (const [name, code] of HIDDEN) {
        const answer = await own.operator.post(path, { ...body, name });
        expect([request, name, codeOf(answer.body)]).toEqual([request, name, code]);
      }
  });

  it('have the joiners and selectors that their script or emoji needs', async () => {
    for (const [request, [path, body]] of requests())
      for (const name of HONEST) {
        const answer = await own.operator.post(path, { ...body, name });
        expect([request, name, answer.status]).toEqual([request, name, 201]);
      }
  });

  it('are of letters and digits for a principal, and none of these is invisible', async () => {
    for (const [name] of HIDDEN)
      expectProblem(
        await own.operator.post('/v1/admin/principals', { name, scopes: [] }),
        400,
        'request.invalid',
      );
  });

  it('are all known here', () => {
    const requestsWithNames = schemasOf('admin', 'public').filter(([, { properties = {} }]) =>
      Object.entries(properties).some(([name]) => name === 'name'),
    );
    const known = [...requests().map(([request]) => request), ...OTHERS];
    const names = requestsWithNames.map(([name]) => name).filter((name) => /Request$|Patch$/.test(name));
    expect(new Set(names)).toEqual(new Set(known));
  });
});

describe('a name that a platform or a program gives', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('refuses no sign-in, and a device has it without hidden characters', async () => {
    const person = aPerson({ first_name: 'Ada\u202egnp\u200b', last_name: '\u2067' });
    const session = await signInPerson(app, demo, person);
    await app.signIn(demo, person, { deviceName: '\u200fPixel \u202e9 👨‍👩‍👧' });

    const { body } = await session.get('/v1/me/sessions');
    expect(body).toMatchObject({ items: [{ deviceName: 'Pixel 9 👨‍👩‍👧' }, { deviceName: null }] });
  });
});

function codeOf(body: unknown): string | undefined {
  const { errors = [] } = body as { readonly errors?: readonly { path: string; code: string }[] };
  return errors.find(({ path }) => path === 'name')?.code;
}

function schemasOf(...documents: readonly string[]): [string, Schema][] {
  return documents.flatMap((name) => {
    const path = join(__dirname, '../../docs/openapi', `${name}.json`);
    const { components } = JSON.parse(readFileSync(path, 'utf8')) as {
      components: { schemas: Readonly<Record<string, Schema>> };
    };
    return Object.entries(components.schemas);
  });
}

import { aPerson } from '../factories';
import { ofOperator } from './audit-ways-of-operators';
import type { AuditRecord, Stage, Way, Ways } from './audit-trail';
import { anOperator, type Operator } from './operator';
import {
  authorizing,
  Browser,
  createClient,
  launchedBy,
  openPage,
  relyingParty,
  signedIn,
  type Begun,
} from './openid';
import type { Relaunched } from './relaunch';

type Details = Readonly<Record<string, string>>;

/** A call of the administration API about a client. */
function byPrincipal(action: string, act: (operator: Operator, path: string) => Promise<Details>): Way {
  return async ({ app, demo, http }) => {
    const [{ clientId }, operator] = [await createClient(app, demo), await anOperator(app)];
    const path = `/v1/admin/applications/${demo.applicationId}/openid-clients/${clientId}`;
    return http(async () => {
      const details = await act(operator, path);
      const actor = `principal:${operator.principalId}`;
      return [{ action, actor, subject: clientId, applicationId: demo.applicationId, details }];
    });
  };
}

function of(
  action: string,
  { sessionId }: Relaunched,
  applicationId: string,
  subject: string,
  details: Details,
): AuditRecord {
  return { action, actor: `session:${sessionId}`, subject, applicationId, details };
}

interface BeforePhone {
  readonly phone: Relaunched;
  readonly begun: Begun;
  readonly clientId: string;
}

/** A browser waits for a phone, which has launched. */
async function beforeThePhone({ app, demo }: Stage, isThirdParty: boolean): Promise<BeforePhone> {
  const client = await createClient(app, demo, { isThirdParty });
  const { url } = await authorizing(await relyingParty(app, client));
  const begun = await openPage(new Browser(app), url);
  return { phone: await launchedBy(app, demo, aPerson(), begun), begun, clientId: client.clientId };
}

interface Recorded {
  readonly action: string;
  readonly subject?: string;
  readonly details: Details;
}

function byPhone(
  isThirdParty: boolean,
  act: (phone: Relaunched, begun: Begun) => Promise<readonly Recorded[]>,
): Way {
  return async (stage) => {
    const { phone, begun, clientId } = await beforeThePhone(stage, isThirdParty);
    return stage.http(async () =>
      (await act(phone, begun)).map(({ action, subject = clientId, details }) =>
        of(action, phone, stage.demo.applicationId, subject, details),
      ),
    );
  };
}

/** The record of the session of the browser. */
async function accept(
  phone: Relaunched,
  code: string,
  body: object,
): Promise<Recorded & { readonly subject: string }> {
  expect((await phone.post(`/v1/openid/requests/${code}/accept`, body)).status).toBe(204);
  const { body: page } = await phone.get('/v1/me/sessions');
  const { items } = page as {
    readonly items: readonly { readonly sessionId: string; readonly current: boolean }[];
  };
  const subject = items.find(({ current }) => !current)?.sessionId ?? '';
  return { action: 'session.opened', subject, details: { assurance: 'platform' } };
}

/** What operators do with clients of the OpenID provider, and people with what clients ask them. */
export const waysOfOpenid: Ways<
  | 'openid_client.created'
  | 'openid_client.changed'
  | 'openid_client.secret_rotated'
  | 'openid_client.removed'
  | 'openid.signed_in_silently'
  | 'openid.accepted'
  | 'openid.consented'
  | 'openid.consent_revoked'
> = {
  'openid_client.created': {
    'at the command line': async ({ demo: { applicationId }, countersign, cli }) =>
      cli(async () => {
        const words = `application create-openid-client ${applicationId} --name Shop`;
        const { clientId: subject } = await countersign.json<{ clientId: string }>(words);
        return [ofOperator('openid_client.created', applicationId, { subject })];
      }),
  },
  'openid_client.changed': {
    'by a principal': byPrincipal('openid_client.changed', async (operator, path) => {
      await operator.patch(path, { name: 'Shop 2', scopes: ['openid'] }).expect(200);
      return { fields: 'name scopes' };
    }),
  },
  'openid_client.secret_rotated': {
    'by a principal': byPrincipal('openid_client.secret_rotated', async (operator, path) => {
      await operator.post(`${path}/rotate-secret`).expect(200);
      return {};
    }),
  },
  'openid_client.removed': {
    'by a principal': byPrincipal('openid_client.removed', async (operator, path) => {
      await operator.delete(path).expect(204);
      return {};
    }),
  },
  'openid.signed_in_silently': {
    'by a browser that is signed in': async (stage) => {
      const { app, demo, http } = stage;
      const created = await createClient(app, demo);
      const party = await relyingParty(app, created);
      const { browser, tokens } = await signedIn(app, demo, party, aPerson());
      const again = await authorizing(party);
      const [{ id: sessionId } = { id: '' }] = await app.database.query<{ id: string }>(
        `SELECT id FROM sessions WHERE user_id = $1 AND device_name IS NOT NULL`,
        [tokens.claims()?.sub],
      );
      return http(async () => {
        await browser.follow(again.url);
        return [
          {
            action: 'openid.signed_in_silently',
            actor: `session:${sessionId}`,
            subject: created.clientId,
            applicationId: demo.applicationId,
            details: {},
          },
        ];
      });
    },
  },
  'openid.accepted': {
    'by the phone': byPhone(false, async (phone, { code, number }) => {
      const opened = await accept(phone, code, { number });
      return [opened, { action: 'openid.accepted', details: { session: opened.subject } }];
    }),
  },
  'openid.consented': {
    'by the phone, with the sign-in': byPhone(true, async (phone, { code, number }) => {
      const opened = await accept(phone, code, { number, consent: true });
      return [
        opened,
        { action: 'openid.accepted', details: { session: opened.subject } },
        { action: 'openid.consented', details: { scopes: 'openid profile' } },
      ];
    }),
  },
  'openid.consent_revoked': {
    'by its person': async (stage) => {
      const { demo, http } = stage;
      const { phone, begun, clientId } = await beforeThePhone(stage, true);
      await accept(phone, begun.code, { number: begun.number, consent: true });
      return http(async () => {
        expect((await phone.delete(`/v1/me/consents/${clientId}`)).status).toBe(204);
        return [of('openid.consent_revoked', phone, demo.applicationId, clientId, {})];
      });
    },
  },
};

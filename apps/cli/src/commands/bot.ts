import type { AcceptedBots, BotChange, BotKey } from '@countersign/applications';
import { chooseIfGiven, ifGiven, instant, refuseWithout, uuid, uuidOption, type Call } from '../call';
import {
  command,
  given,
  group,
  needed,
  oneOf,
  readUpTo,
  type CommandDeclaration,
  type Takes,
} from '../declaration';
import { UsageError } from '../errors';
import { bot as botOf, limit, platformOf, platformOptions } from '../options';
import { botStatuses, environments, providers, signaturePolicies } from '../words';

const SIGNATURE = "whether Telegram's Ed25519 signature has to be there";
const one: Takes = {
  '[botId]': 'numeric id of the bot',
  '--bot <botId>': 'the bot, instead of the argument',
  ...platformOptions,
};
const accepting: Takes = { '--application <applicationId>': needed('application that accepts the proofs') };

export const bot = group('bot', 'bots whose proofs are verified', {
  add: command('add a bot to an application', {
    '--application <applicationId>': needed('application that the bot belongs to'),
    '--username <username>': needed('username of the bot'),
    '--mini-app <name>': 'short name of its Mini App; without it links open its main Mini App',
    '--token-stdin': 'read the token from standard input',
    '--signature <policy>': oneOf(
      signaturePolicies,
      `${SIGNATURE}; required, unless xellar is the only preset`,
    ),
    ...platformOptions,
  }).act(async (call, app, { applications }) => {
    const { botId } = await app.get(applications.BotsService).add({
      ...platformOf(call),
      applicationId: uuidOption(call, 'application'),
      username: call.required('username'),
      miniAppName: call.optional('mini-app') ?? null,
      signaturePolicy: chooseIfGiven(call, 'signature', signaturePolicies),
      token: await readToken(call),
    });
    return { json: { botId }, text: `Bot ${botId}` };
  }),
  list: command('list bots, newest first', {
    '--application <applicationId>': 'only those of this application',
    '--provider <provider>': oneOf(providers, 'only those of this provider'),
    '--environment <environment>': oneOf(environments, 'only those of this environment'),
    '--status <status>': oneOf(botStatuses, 'only those in this state'),
    '--bot <botId>': 'only those with this numeric id',
    ...limit,
  }).list({
    read: async (call, app, { applications }) => {
      const filter = {
        applicationId: ifGiven(call, 'application', uuid),
        provider: chooseIfGiven(call, 'provider', providers),
        environment: chooseIfGiven(call, 'environment', environments),
        status: chooseIfGiven(call, 'status', botStatuses),
        botId: call.optional('bot'),
      };
      const records = app.get(applications.BotRecords);
      const found = await readUpTo(call, (keyset) => records.list(filter, keyset), 'id');
      return found;
    },
    columns: {
      bot: 'botId',
      username: 'username',
      provider: 'provider',
      environment: 'environment',
      status: 'status',
      signature: 'signaturePolicy',
      application: 'applicationId',
    },
  }),
  show: command('show a bot', one).act(async (call, app, { applications }) => {
    const found = await app.get(applications.BotRecords).get(namedBot(call));
    const { miniAppName, priorTokenExpiresAt: prior } = found;
    const lines = [
      `Bot ${found.botId} (@${found.username}) of ${found.provider}, ${found.environment}, is ${found.status}`,
      `Application ${found.applicationId}, record ${found.id}`,
      miniAppName === null ? 'Links open its main Mini App' : `Links open its Mini App ${miniAppName}`,
      `Signature ${found.signaturePolicy}; ${found.hasOidcSecret ? 'an' : 'no'} OpenID Connect secret`,
      prior === null ? 'No token before this one' : `The token before verifies until ${prior.toISOString()}`,
      `Added ${found.createdAt.toISOString()}, changed ${found.updatedAt.toISOString()}`,
    ];
    return { json: found, text: lines.join('\n') };
  }),
  set: command('change the state of a bot, its username, Mini App or OpenID Connect secret', {
    ...one,
    '--status <status>': oneOf(botStatuses, 'state of the bot'),
    '--signature <policy>': oneOf(signaturePolicies, SIGNATURE),
    '--username <username>': 'another username',
    '--mini-app <name>': 'short name of its Mini App',
    '--remove-mini-app': 'links open its main Mini App',
    '--oidc-secret-stdin': 'read its secret of Log In With Telegram from standard input',
    '--remove-oidc-secret': 'remove its secret of Log In With Telegram',
  }).act(async (call, app, { applications }) => {
    const change = await changeOf(call);
    const changed = await app.get(applications.BotRecords).change(namedBot(call), change);
    const { botId, status, signaturePolicy: signature, hasOidcSecret } = changed;
    const oidc = hasOidcSecret ? ', with an OpenID Connect secret' : '';
    return {
      json: { botId, status, signature, hasOidcSecret },
      text: `Bot ${botId} is ${status}, signature ${signature}${oidc}`,
    };
  }),
  rotate: command('replace the token of a bot', {
    ...one,
    '--token-stdin': 'read the new token from standard input',
    '--until <instant>': 'the old token verifies until then; not at all when this is absent',
  }).act(async (call, app, { applications }) => {
    const overlapUntil = ifGiven(call, 'until', instant) ?? null;
    const { botId, priorTokenExpiresAt } = await app
      .get(applications.BotsService)
      .rotateToken(namedBot(call), { token: await readToken(call), overlapUntil });
    const priorTokenUntil = priorTokenExpiresAt?.toISOString() ?? null;
    const before = priorTokenUntil === null ? 'verifies no more' : `verifies until ${priorTokenUntil}`;
    const text = `Bot ${botId} has the new token; the one before ${before}`;
    return { json: { botId, priorTokenUntil }, text };
  }),
  remove: command('remove a bot; its sessions go on', one).act(async (call, app, { applications }) => {
    const key = namedBot(call);
    await app.get(applications.BotsService).remove(key);
    return { json: { botId: key.botId }, text: `Bot ${key.botId} is removed; its sessions go on` };
  }),
  allow: acceptance(
    "accept what Telegram signs for another operator's bot; such proofs reach no account plane",
    (accepted, applicationId, key) => accepted.allow(applicationId, key),
    'accepts',
    '. Sessions by these proofs cannot change the account, and cannot act as owner or admin of a team',
  ),
  disallow: acceptance(
    'accept it no more',
    (accepted, applicationId, key) => accepted.disallow(applicationId, key),
    'accepts no more',
  ),
  'list-allowed': command("list other operators' bots whose proofs an application accepts", accepting).list({
    read: (call, app, { applications }) =>
      app.get(applications.AcceptedBots).list(uuidOption(call, 'application')),
    columns: { bot: 'botId', provider: 'provider', environment: 'environment', allowed: 'createdAt' },
  }),
});

/** A change of the list of bots whose proofs an application accepts without knowing their tokens. */
function acceptance(
  description: string,
  change: (accepted: AcceptedBots, applicationId: string, key: BotKey) => Promise<unknown>,
  verb: string,
  reach = '',
): CommandDeclaration {
  return command(description, {
    ...accepting,
    '--bot <botId>': needed('numeric id of the bot'),
    ...platformOptions,
  }).act(async (call, app, { applications }) => {
    const applicationId = uuidOption(call, 'application');
    const key = botOf(call);
    await change(app.get(applications.AcceptedBots), applicationId, key);
    const { botId, environment } = key;
    return {
      json: { applicationId, botId, environment },
      text: `Application ${applicationId} ${verb} what Telegram signs for bot ${botId} (${environment})${reach}`,
    };
  });
}

function namedBot(call: Call): BotKey {
  return botOf(call, call.positionals[0]);
}

async function readToken(call: Call): Promise<string> {
  if (!call.has('token-stdin')) throw new UsageError('Pass --token-stdin and the token on standard input.');
  return (await call.terminal.readInput()).trim();
}

const CHANGES = [
  ...['status', 'signature', 'username', 'mini-app', 'remove-mini-app', 'oidc-secret-stdin'],
  'remove-oidc-secret',
];

async function changeOf(call: Call): Promise<BotChange> {
  for (const [set, remove] of [
    ['oidc-secret-stdin', 'remove-oidc-secret'],
    ['mini-app', 'remove-mini-app'],
  ] as const)
    if (call.has(set) && call.has(remove)) throw new UsageError(`Pass --${set} or --${remove}, not both.`);
  refuseWithout(call, CHANGES);
  return {
    ...given({
      username: call.optional('username'),
      miniAppName: call.has('remove-mini-app') ? null : call.optional('mini-app'),
      status: chooseIfGiven(call, 'status', botStatuses),
      signaturePolicy: chooseIfGiven(call, 'signature', signaturePolicies),
    }),
    ...(call.has('remove-oidc-secret') ? { oidcClientSecret: null } : {}),
    ...(call.has('oidc-secret-stdin') ? { oidcClientSecret: (await call.terminal.readInput()).trim() } : {}),
  };
}

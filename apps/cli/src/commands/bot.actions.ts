import { readUpTo } from '@countersign/admin';
import {
  AcceptedBots,
  BotRecords,
  BotsService,
  type BotChange,
  type BotKey,
} from '@countersign/applications';
import { bot, placeOf } from '../bot-options';
import { choose, chooseIfGiven, ifGiven, uuid, type Call, type Connected, type Terminal } from '../command';
import { instant } from '../instant';
import { limitOf } from '../limit-option';
import { table } from '../list-output';
import { UsageError } from '../usage';
import { botStatuses, environments, providers, signaturePolicies } from '../words';

export const add: Connected = async (call, app, terminal) => {
  const { botId } = await app.get(BotsService).add({
    ...placeOf(call),
    applicationId: uuid('application', call.required('application')),
    username: call.required('username'),
    miniAppName: call.optional('mini-app') ?? null,
    signaturePolicy: choose('signature', call.required('signature'), signaturePolicies),
    token: await readToken(call, terminal),
  });
  return { json: { botId }, text: `Bot ${botId}` };
};

export const list: Connected = async (call, app) => {
  const records = app.get(BotRecords);
  const filter = filterOf(call);
  const found = await readUpTo(
    limitOf(call),
    (keyset) => records.list(filter, keyset),
    ({ id }) => id,
  );
  const rows = found.map((bot) => [
    bot.botId,
    bot.username,
    bot.provider,
    bot.environment,
    bot.status,
    bot.signaturePolicy,
    bot.applicationId,
  ]);
  const headings = ['bot', 'username', 'provider', 'environment', 'status', 'signature', 'application'];
  return { json: found, text: table(headings, rows) };
};

export const show: Connected = async (call, app) => {
  const bot = await app.get(BotRecords).get(namedBot(call));
  const prior = bot.priorTokenExpiresAt;
  const lines = [
    `Bot ${bot.botId} (@${bot.username}) of ${bot.provider}, ${bot.environment}, is ${bot.status}`,
    `Application ${bot.applicationId}, record ${bot.id}`,
    bot.miniAppName === null ? 'Links open its main Mini App' : `Links open its Mini App ${bot.miniAppName}`,
    `Signature ${bot.signaturePolicy}; ${bot.hasOidcSecret ? 'an' : 'no'} OpenID Connect secret`,
    prior === null ? 'No token before this one' : `The token before verifies until ${prior.toISOString()}`,
    `Added ${bot.createdAt.toISOString()}, changed ${bot.updatedAt.toISOString()}`,
  ];
  return { json: bot, text: lines.join('\n') };
};

export const set: Connected = async (call, app, terminal) => {
  const change = await changeOf(call, terminal);
  const { bot: changed, withdrawn } = await app.get(BotRecords).change(namedBot(call), change);
  const json = {
    botId: changed.botId,
    status: changed.status,
    signature: changed.signaturePolicy,
    hasOidcSecret: changed.hasOidcSecret,
    ...(withdrawn > 0 ? { withdrawnErasures: withdrawn } : {}),
  };
  const oidc = json.hasOidcSecret ? ', with an OpenID Connect secret' : '';
  const erasures = withdrawn > 0 ? `; ${withdrawn} requested erasure(s) withdrawn` : '';
  return { json, text: `Bot ${json.botId} is ${json.status}, signature ${json.signature}${oidc}${erasures}` };
};

export const rotate: Connected = async (call, app, terminal) => {
  const until = call.optional('until');
  const overlapUntil = until === undefined ? null : instant('until', until);
  const { botId, priorTokenExpiresAt } = await app
    .get(BotsService)
    .rotateToken(namedBot(call), { token: await readToken(call, terminal), overlapUntil });
  const priorTokenUntil = priorTokenExpiresAt?.toISOString() ?? null;
  const before = priorTokenUntil === null ? 'verifies no more' : `verifies until ${priorTokenUntil}`;
  return {
    json: { botId, priorTokenUntil },
    text: `Bot ${botId} has the new token; the one before ${before}`,
  };
};

export const remove: Connected = async (call, app) => {
  const key = namedBot(call);
  await app.get(BotsService).remove(key);
  return { json: { botId: key.botId }, text: `Bot ${key.botId} is removed; its sessions go on` };
};

export const allow = acceptance(
  (accepted, applicationId, key) => accepted.allow(applicationId, key),
  'accepts',
  '. Sessions by these proofs cannot change the account, and cannot act as owner or admin of a team',
);

export const disallow = acceptance(
  (accepted, applicationId, key) => accepted.disallow(applicationId, key),
  'accepts no more',
);

export const listAllowed: Connected = async (call, app) => {
  const found = await app.get(AcceptedBots).list(uuid('application', call.required('application')));
  const rows = found.map((bot) => [bot.botId, bot.provider, bot.environment, bot.createdAt.toISOString()]);
  return { json: found, text: table(['bot', 'provider', 'environment', 'allowed'], rows) };
};

/** Of the list of bots whose proofs an application accepts without knowing their tokens. */
function acceptance(
  change: (accepted: AcceptedBots, applicationId: string, key: BotKey) => Promise<unknown>,
  verb: string,
  reach = '',
): Connected {
  return async (call, app) => {
    const applicationId = uuid('application', call.required('application'));
    const key = bot(call, call.required('bot'));
    await change(app.get(AcceptedBots), applicationId, key);
    const { botId, environment } = key;
    return {
      json: { applicationId, botId, environment },
      text: `Application ${applicationId} ${verb} what Telegram signs for bot ${botId} (${environment})${reach}`,
    };
  };
}

function namedBot(call: Call): BotKey {
  return bot(call, call.positionals[0] ?? call.required('bot'));
}

async function readToken(call: Call, terminal: Terminal): Promise<string> {
  if (!call.has('token-stdin')) throw new UsageError('Pass --token-stdin and the token on standard input.');
  return (await terminal.readInput()).trim();
}

function filterOf(call: Call): Parameters<BotRecords['list']>[0] {
  return {
    applicationId: ifGiven(call, 'application', uuid),
    provider: chooseIfGiven(call, 'provider', providers),
    environment: chooseIfGiven(call, 'environment', environments),
    status: chooseIfGiven(call, 'status', botStatuses),
    botId: call.optional('bot'),
  };
}

async function changeOf(call: Call, terminal: Terminal): Promise<BotChange> {
  const [status, signature, username] = ['status', 'signature', 'username'].map((name) =>
    call.optional(name),
  );
  const [hasSecret, isWithoutSecret] = [call.has('oidc-secret-stdin'), call.has('remove-oidc-secret')];
  if (hasSecret && isWithoutSecret)
    throw new UsageError('Pass --oidc-secret-stdin or --remove-oidc-secret, not both.');
  const miniApp = call.optional('mini-app');
  const isWithoutMiniApp = call.has('remove-mini-app');
  if (miniApp !== undefined && isWithoutMiniApp)
    throw new UsageError('Pass --mini-app or --remove-mini-app, not both.');
  const isGiven = [hasSecret, isWithoutSecret, isWithoutMiniApp].includes(true);
  if ([status, signature, username, miniApp].every((given) => given === undefined) && !isGiven)
    throw new UsageError(
      'Pass --status, --signature, --username, --mini-app, --remove-mini-app, --oidc-secret-stdin or --remove-oidc-secret.',
    );
  return {
    ...(username === undefined ? {} : { username }),
    ...(miniApp === undefined ? {} : { miniAppName: miniApp }),
    ...(isWithoutMiniApp ? { miniAppName: null } : {}),
    ...(isWithoutSecret ? { oidcClientSecret: null } : {}),
    ...(status === undefined ? {} : { status: choose('status', status, botStatuses) }),
    ...(signature === undefined
      ? {}
      : { signaturePolicy: choose('signature', signature, signaturePolicies) }),
    ...(hasSecret ? { oidcClientSecret: (await terminal.readInput()).trim() } : {}),
  };
}

import { BotsInDoubt } from '@countersign/account';
import { AcceptedBots, BotsService, type BotChange, type BotKey } from '@countersign/applications';
import { bot, placeOf } from '../bot-options';
import { choose, uuid, type Call, type Connected, type Terminal } from '../command';
import { instant } from '../instant';
import { UsageError } from '../usage';
import { botStatuses, signaturePolicies } from '../words';

export const add: Connected = async (call, app, terminal) => {
  const added = await app.get(BotsService).add({
    ...placeOf(call),
    applicationId: uuid('application', call.required('application')),
    username: call.required('username'),
    signaturePolicy: choose('signature', call.required('signature'), signaturePolicies),
    token: await readToken(call, terminal),
  });
  return { json: added, text: `Bot ${added.botId}` };
};

export const set: Connected = async (call, app, terminal) => {
  const change = await changeOf(call, terminal);
  const changed = await app.get(BotsService).change(namedBot(call), change);
  // The requests may have been forged with its token.
  const withdrawn = change.status === 'compromised' ? await app.get(BotsInDoubt).withdrawAllOf(changed) : 0;
  const json = {
    botId: changed.botId,
    status: changed.status,
    signature: changed.signaturePolicy,
    hasOidcSecret: changed.oidcClientSecret !== null,
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
);

export const disallow = acceptance(
  (accepted, applicationId, key) => accepted.disallow(applicationId, key),
  'accepts no more',
);

/** Of the list of bots whose proofs an application accepts without knowing their tokens. */
function acceptance(
  change: (accepted: AcceptedBots, applicationId: string, key: BotKey) => Promise<void>,
  verb: string,
): Connected {
  return async (call, app) => {
    const applicationId = uuid('application', call.required('application'));
    const key = bot(call, call.required('bot'));
    await change(app.get(AcceptedBots), applicationId, key);
    const { botId, environment } = key;
    return {
      json: { applicationId, botId, environment },
      text: `Application ${applicationId} ${verb} what Telegram signs for bot ${botId} (${environment})`,
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

async function changeOf(call: Call, terminal: Terminal): Promise<BotChange> {
  const [status, signature] = [call.optional('status'), call.optional('signature')];
  const hasSecret = call.has('oidc-secret-stdin');
  if (status === undefined && signature === undefined && !hasSecret)
    throw new UsageError('Pass --status, --signature or --oidc-secret-stdin.');
  return {
    ...(status === undefined ? {} : { status: choose('status', status, botStatuses) }),
    ...(signature === undefined
      ? {}
      : { signaturePolicy: choose('signature', signature, signaturePolicies) }),
    ...(hasSecret ? { oidcClientSecret: (await terminal.readInput()).trim() } : {}),
  };
}

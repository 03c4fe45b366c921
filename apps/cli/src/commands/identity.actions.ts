import type { INestApplicationContext } from '@nestjs/common';
import {
  AdminIdentityResponse,
  DetachmentService,
  InstallationResponse,
  InstallationService,
} from '@countersign/account';
import { readUpTo } from '@countersign/admin';
import {
  IdentityDirectory,
  MAX_SEPARATION_DAYS,
  MIN_SEPARATION_DAYS,
  type IdentityFilter,
} from '@countersign/users';
import { bot } from '../bot-options';
import {
  chooseIfGiven,
  ifGiven,
  uuid,
  uuidArgument,
  wholeNumber,
  type Answer,
  type Call,
  type Connected,
} from '../command';
import { instant } from '../instant';
import { limitOf } from '../limit-option';
import { listing, table } from '../list-output';
import { UsageError } from '../usage';
import { accountLevels, identityProviders, revealApprovals, switches } from '../words';

export const showInstallation: Connected = async (_call, app) => {
  return shown(InstallationResponse.of(await app.get(InstallationService).settings()));
};

export const setInstallation: Connected = async (call, app) => {
  const accountLevel = chooseIfGiven(call, 'account-level', accountLevels);
  const usernameLookup = chooseIfGiven(call, 'username-lookup', switches);
  const phoneLookup = chooseIfGiven(call, 'phone-lookup', switches);
  const revealApproval = chooseIfGiven(call, 'reveal-approval', revealApprovals);
  const exportApproval = chooseIfGiven(call, 'export-approval', revealApprovals);
  const separationDays = ifGiven(call, 'separation-days', (name, text) =>
    wholeNumber(name, text, MIN_SEPARATION_DAYS, MAX_SEPARATION_DAYS),
  );
  const change = {
    ...(accountLevel && { accountLevel }),
    ...(usernameLookup && { usernameLookup: usernameLookup === 'on' }),
    ...(phoneLookup && { phoneLookup: phoneLookup === 'on' }),
    ...(revealApproval && { revealApproval }),
    ...(exportApproval && { exportApproval }),
    ...(separationDays !== undefined && { separationDays }),
  };
  if (Object.keys(change).length === 0)
    throw new UsageError(
      'Pass --account-level, --username-lookup, --phone-lookup, --reveal-approval, --export-approval or --separation-days.',
    );
  return shown(InstallationResponse.of(await app.get(InstallationService).change(change)));
};

function shown(settings: InstallationResponse): Answer {
  return { json: settings, text: listing(settings) };
}

export const list: Connected = async (call, app) => {
  const filter = {
    userId: ifGiven(call, 'user', uuid),
    provider: chooseIfGiven(call, 'platform', identityProviders),
  };
  if (call.has('attached-since')) return listAttached(call, app, filter);
  const bot = botOf(call) ?? undefined;
  const found = await readUpTo(
    limitOf(call),
    (keyset) => app.get(IdentityDirectory).list({ ...filter, bot }, keyset),
    ({ identityId }) => identityId,
  );
  const items = found.map((identity) => AdminIdentityResponse.of(identity));
  const rows = items.map(({ identityId, userId, provider: platform, environment, cap, createdAt }) => [
    identityId,
    userId,
    platform,
    environment,
    cap,
    createdAt,
  ]);
  const headings = ['identity', 'user', 'platform', 'environment', 'cap', 'created'];
  return { json: items, text: rows.length === 0 ? 'None' : table(headings, rows) };
};

/** All of them, since each has to be judged after a leak; also those of versions that did not record the attachment. */
async function listAttached(
  call: Call,
  app: INestApplicationContext,
  { userId, provider }: Pick<IdentityFilter, 'userId' | 'provider'>,
): Promise<Answer> {
  const since = instant('attached-since', call.required('attached-since'));
  const attached = (await app.get(InstallationService).listAttached(since, botOf(call))).filter(
    (one) => (userId ?? one.userId) === one.userId && (provider ?? one.provider) === one.provider,
  );
  const items = attached.slice(0, call.has('limit') ? limitOf(call) : undefined).map((identity) => ({
    ...identity,
    attachedAt: identity.attachedAt.toISOString(),
    attachedBy: identity.attachedBy ?? 'unknown',
  }));
  const rows = items.map(
    ({ identityId, userId: owner, attachedAt, attachedBy, cap, attachedWith, ...one }) => [
      identityId,
      owner,
      one.provider,
      attachedAt,
      attachedBy,
      cap,
      attachedWith.join(','),
    ],
  );
  const headings = ['identity', 'user', 'platform', 'attached', 'by', 'cap', 'with'];
  return { json: items, text: rows.length === 0 ? 'None' : table(headings, rows) };
}

export const show: Connected = async (call, app) => {
  const identity = AdminIdentityResponse.of(await app.get(IdentityDirectory).get(identityOf(call)));
  return { json: identity, text: listing(identity) };
};

export const detach: Connected = async (call, app) => {
  const identityId = identityOf(call);
  const { userId, endedSessions, lost } = await app.get(DetachmentService).detach(identityId);
  const text = [
    `Identity ${identityId} has the account ${userId} now; ${endedSessions} session(s) ended`,
    ...lost.map(({ what, id }) => `Not returned: ${what}${id === null ? '' : ` ${id}`}`),
  ];
  return { json: { identityId, userId, endedSessions, lost }, text: text.join('\n') };
};

export const confirm: Connected = async (call, app) => {
  const identityId = identityOf(call);
  await app.get(InstallationService).confirmIdentity(identityId);
  return { json: { identityId }, text: `Identity ${identityId} is confirmed` };
};

/** In the stored form: `provider/environment/id`. */
function botOf(call: Call): string | null {
  if (!call.has('bot')) return null;
  const { provider, environment, botId } = bot(call, call.required('bot'));
  return `${provider}/${environment}/${botId}`;
}

function identityOf(call: Call): string {
  return uuidArgument(call, 'identityId');
}

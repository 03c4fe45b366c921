import { DetachmentService, InstallationService } from '@countersign/account';
import { bot } from '../bot-options';
import { choose, uuid, type Call, type Connected } from '../command';
import { instant } from '../instant';
import { accountLevels } from '../words';

export const showInstallation: Connected = async (_call, app) => {
  const accountLevel = await app.get(InstallationService).accountLevel();
  return { json: { accountLevel }, text: `Account level: ${accountLevel}` };
};

export const setInstallation: Connected = async (call, app) => {
  const accountLevel = choose('account-level', call.required('account-level'), accountLevels);
  await app.get(InstallationService).setAccountLevel(accountLevel);
  return { json: { accountLevel }, text: `The account level is ${accountLevel}` };
};

export const list: Connected = async (call, app) => {
  const since = instant('attached-since', call.required('attached-since'));
  const attached = await app.get(InstallationService).listAttached(since, botOf(call));
  const items = attached.map((identity) => ({
    ...identity,
    attachedAt: identity.attachedAt.toISOString(),
    attachedBy: identity.attachedBy ?? 'unknown',
  }));
  const lines = items.map(({ identityId, userId, provider, attachedAt, attachedBy, cap, attachedWith }) =>
    [identityId, userId, provider, attachedAt, attachedBy, cap, attachedWith.join(',')].join(' '),
  );
  return { json: { items }, text: lines.join('\n') || 'None' };
};

export const detach: Connected = async (call, app) => {
  const identityId = identityOf(call);
  const { userId, endedSessions } = await app.get(DetachmentService).detach(identityId);
  const text = `Identity ${identityId} has the account ${userId} now; ${endedSessions} session(s) ended`;
  return { json: { identityId, userId, endedSessions }, text };
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
  return uuid('identity', call.positionals[0] ?? '');
}

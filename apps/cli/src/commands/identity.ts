import { DetachmentService, InstallationService } from '@countersign/account';
import { accountLevels } from '@countersign/users';
import { bot, place } from '../bot-options';
import { choose, uuid, type Call, type Command } from '../command';
import { instant } from '../instant';
import { UsageError } from '../usage';

export const identityCommands: Record<string, Command> = {
  'installation show': {
    options: {},
    run: {
      kind: 'connected',
      execute: async (_call, app) => {
        const accountLevel = await app.get(InstallationService).accountLevel();
        return { json: { accountLevel }, text: `Account level: ${accountLevel}` };
      },
    },
  },
  'installation set': {
    options: { 'account-level': { type: 'string' } },
    run: {
      kind: 'connected',
      execute: async (call, app) => {
        const accountLevel = choose('account-level', call.required('account-level'), accountLevels);
        await app.get(InstallationService).setAccountLevel(accountLevel);
        return { json: { accountLevel }, text: `The account level is ${accountLevel}` };
      },
    },
  },
  'identity list': {
    options: { ...place, 'attached-since': { type: 'string' }, bot: { type: 'string' } },
    run: {
      kind: 'connected',
      execute: async (call, app) => {
        const since = instant('attached-since', call.required('attached-since'));
        const attached = await app.get(InstallationService).listAttached(since, botOf(call));
        const items = attached.map((identity) => ({
          ...identity,
          attachedAt: identity.attachedAt.toISOString(),
          attachedBy: identity.attachedBy ?? 'unknown',
        }));
        const lines = items.map(
          ({ identityId, userId, provider, attachedAt, attachedBy, cap, attachedWith }) =>
            [identityId, userId, provider, attachedAt, attachedBy, cap, attachedWith.join(',')].join(' '),
        );
        return { json: { items }, text: lines.join('\n') || 'None' };
      },
    },
  },
  'identity detach': {
    options: {},
    run: {
      kind: 'connected',
      execute: async (call, app) => {
        const identityId = identityOf(call);
        const { userId, endedSessions } = await app.get(DetachmentService).detach(identityId);
        const text = `Identity ${identityId} has the account ${userId} now; ${endedSessions} session(s) ended`;
        return { json: { identityId, userId, endedSessions }, text };
      },
    },
  },
  'identity confirm': {
    options: {},
    run: {
      kind: 'connected',
      execute: async (call, app) => {
        const identityId = identityOf(call);
        await app.get(InstallationService).confirmIdentity(identityId);
        return { json: { identityId }, text: `Identity ${identityId} is confirmed` };
      },
    },
  },
};

/** As it stands in the rows: `provider/environment/id`. */
function botOf(call: Call): string | null {
  if (!call.has('bot')) return null;
  const { provider, environment, botId } = bot(call, call.required('bot'));
  return `${provider}/${environment}/${botId}`;
}

function identityOf(call: Call): string {
  const [identityId] = call.positionals;
  if (identityId === undefined) throw new UsageError('Name the identity by its id.');
  return uuid('identity', identityId);
}

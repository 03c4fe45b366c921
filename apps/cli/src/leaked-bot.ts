import type { INestApplicationContext } from '@nestjs/common';
import type { BotKey } from '@countersign/applications';
import { instant, type Call } from './call';
import type { Answer, Libs } from './declaration';
import { UsageError } from './errors';

/** Changes of own profiles that are looked at: more are read with `audit list`. */
const MAX_CHANGES = 1_000;

/**
 * The six steps of docs/operations.md after a bot's token leaked. It rejects the token and ends the sessions that the token
 * may have opened, lists what a person has to judge, with the command for each, and with the new token makes the bot active
 * again. May be repeated: each line is printed when its step is done.
 * @throws UsageError when the new token is the one that leaked; AppError bot.not_found
 */
export async function recoverLeakedBot(
  call: Call,
  key: BotKey,
  newToken: string | null,
  app: INestApplicationContext,
  libs: Libs,
): Promise<Answer> {
  const since = instant('since', call.required('since'));
  if (newToken !== null && newToken === (await app.get(libs.applications.BotsService).tokenOf(key)))
    throw new UsageError(
      `That is the token that the bot has. If it leaked: revoke it at BotFather, and pass the new one. If this command was run with it before, and was interrupted: countersign bot set ${key.botId}${optionsOf(key)} --status active`,
    );
  const say = (line: string): void => {
    if (!call.has('json')) call.terminal.write(`${line}\n`);
  };
  const options = optionsOf(key);

  const { account, applications } = libs;
  const records = app.get(applications.BotRecords);
  const marked = await records.change(key, { status: 'compromised' });
  say(`1. Bot ${key.botId} is compromised: signatures by its token are rejected.`);
  const { endedSessions } = await app.get(account.AccountService).revoke({ bot: key, since });
  say(`2. ${endedSessions} session(s) ended that rest on its token alone, since ${since.toISOString()}.`);

  const left = await leftBehind(key, since, marked.applicationId, app, libs);
  const lists: readonly (readonly [what: string, commands: readonly string[]])[] = [
    [
      'identities linked or merged with it: ask both people, then confirm or detach; unlink wallets',
      left.identities.map(({ identityId, userId, provider }) =>
        provider === 'ethereum' || provider === 'ton'
          ? `wallet list --user ${userId} --platform ${provider}; then: wallet unlink <walletId>`
          : `identity confirm ${identityId}; or: identity detach ${identityId}`,
      ),
    ],
    [
      'own profiles changed in sessions that may be forged: ask the person to set the fields again',
      left.profiles.map(({ userId, actor, fields }) => {
        if (userId === null)
          return `audit list --actor ${actor}  # of a session that is deleted, or of init data without one`;
        const shown = account.revealedFields.filter((field) =>
          fields.includes(field.replace('profile.', '')),
        );
        return shown.length === 0
          ? `session show ${sessionIdOf(actor)}`
          : `user reveal ${userId}${shown.map((field) => ` --field ${field}`).join('')} --reason <reason>`;
      }),
    ],
  ];
  lists.forEach(([what, commands], index) => {
    say(`${index + 3}. ${commands.length || 'No'} ${what}.`);
    for (const command of commands) say(`   countersign ${command}`);
  });
  if (left.isMore)
    say(`   More than ${MAX_CHANGES} changes: countersign audit list --action profile.changed.`);

  if (newToken === null)
    say(
      `5. Revoke the token at BotFather, and put the new one into token.txt:\n   countersign bot leaked ${key.botId}${options} --since ${since.toISOString()} --token-stdin < token.txt`,
    );
  else {
    await app.get(applications.BotsService).rotateToken(key, { token: newToken, overlapUntil: null });
    say('5. The bot has the new token.');
    await records.change(key, { status: 'active' });
    say('6. The bot is active: signatures by the new token count.');
  }
  const { isMore, ...judged } = left;
  const status = newToken === null ? 'compromised' : 'active';
  const json = { botId: key.botId, status, endedSessions, ...judged, isMore };
  return { json, text: '' };
}

interface ChangedProfile {
  /** Null where the session is deleted, some time after its end, and where init data made the change without one. */
  readonly userId: string | null;
  /** As in the audit trail. */
  readonly actor: string;
  readonly fields: readonly string[];
}

/** What an operator has to judge: what may be of the holder of the token, and what is of the people. */
async function leftBehind(
  key: BotKey,
  since: Date,
  applicationId: string,
  app: INestApplicationContext,
  { account, sessions, audit, errors }: Libs,
) {
  const name = `${key.provider}/${key.environment}/${key.botId}`;
  const attached = await app.get(account.InstallationService).listAttached(since, name);
  const search = { action: 'profile.changed', applicationId, from: since } as const;
  const changes = await app.get(audit.AuditReader).list(search, MAX_CHANGES);
  const changed = new Map<string, Set<string>>();
  for (const { actor, details } of changes) {
    const fields = changed.get(actor) ?? new Set();
    for (const field of (details['fields'] ?? '').split(' ')) fields.add(field);
    changed.set(actor, fields);
  }
  const profiles: ChangedProfile[] = [];
  for (const [actor, fields] of changed) {
    const session = actor.startsWith('session:')
      ? await sessionOf(sessionIdOf(actor), app, { sessions, errors })
      : null;
    if (session === null || (session.assurance === 'bot-token' && session.createdAt >= since))
      profiles.push({ userId: session?.userId ?? null, actor, fields: [...fields] });
  }
  return {
    // Those of Telegram's own signature, and those that were confirmed, need nothing.
    identities: attached.filter(({ cap }) => cap !== 'platform'),
    profiles,
    isMore: changes.length === MAX_CHANGES,
  };
}

function sessionIdOf(actor: string): string {
  return actor.slice('session:'.length);
}

async function sessionOf(
  sessionId: string,
  app: INestApplicationContext,
  { sessions, errors }: Pick<Libs, 'sessions' | 'errors'>,
) {
  try {
    return await app.get(sessions.ListedSessions).get(sessionId);
  } catch (error) {
    if (error instanceof errors.AppError && error.code === 'session.not_found') return null;
    throw error;
  }
}

function optionsOf({ provider, environment }: BotKey): string {
  const words = [
    ...(provider === 'telegram' ? [] : [`--provider ${provider}`]),
    ...(environment === 'production' ? [] : [`--environment ${environment}`]),
  ];
  return words.map((word) => ` ${word}`).join('');
}

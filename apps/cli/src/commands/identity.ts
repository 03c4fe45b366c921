import type { INestApplicationContext } from '@nestjs/common';
import type { IdentityFilter } from '@countersign/users';
import { chooseIfGiven, ifGiven, instant, limitOf, uuid, uuidArgument, type Call } from '../call';
import { answerOf, command, group, oneOf, readUpTo, type Answer, type Libs } from '../declaration';
import { bot, limit, platformOptions } from '../options';
import { identityProviders } from '../words';

const listed = { '<identityId>': 'the identity, as list names it' };

export const identity = group('identity', 'identities of accounts at platforms', {
  list: command('list identities, newest first; with --attached-since those that were linked, oldest first', {
    '--attached-since <instant>': 'only those linked at this instant or later, all of them',
    '--user <userId>': 'only those of this account',
    '--platform <provider>': oneOf(identityProviders, 'only those at this platform'),
    ...limit,
    '--bot <botId>': 'only those that a proof of this bot linked',
    ...platformOptions,
  }).act(async (call, app, libs) => {
    const { account, users } = libs;
    const filter = {
      userId: ifGiven(call, 'user', uuid),
      provider: chooseIfGiven(call, 'platform', identityProviders),
    };
    if (call.has('attached-since')) return listAttached(call, app, libs, filter);
    const ofBot = { ...filter, bot: botOf(call) ?? undefined };
    const directory = app.get(users.IdentityDirectory);
    const found = await readUpTo(call, (keyset) => directory.list(ofBot, keyset), 'identityId');
    return answerOf(
      found.map((one) => account.AdminIdentityResponse.of(one)),
      {
        columns: {
          identity: 'identityId',
          user: 'userId',
          platform: 'provider',
          environment: 'environment',
          cap: 'cap',
          created: 'createdAt',
        },
        none: 'None',
      },
    );
  }),
  show: command('show an identity, without personal fields', { '<identityId>': 'the identity' }).show(
    async (call, app, { account, users }) =>
      account.AdminIdentityResponse.of(await app.get(users.IdentityDirectory).get(identityOf(call))),
  ),
  detach: command(
    'give an identity an account of its own, or separate the merge by which it came',
    listed,
  ).act(async (call, app, { account }) => {
    const identityId = identityOf(call);
    const { userId, endedSessions, lost } = await app.get(account.DetachmentService).detach(identityId);
    const text = [
      `Identity ${identityId} has the account ${userId} now; ${endedSessions} session(s) ended`,
      ...lost.map(({ what, id }) => `Not returned: ${what}${id === null ? '' : ` ${id}`}`),
    ];
    return { json: { identityId, userId, endedSessions, lost }, text: text.join('\n') };
  }),
  confirm: command('let an identity stay: it is listed no more', listed).act(
    async (call, app, { account }) => {
      const identityId = identityOf(call);
      await app.get(account.InstallationService).confirmIdentity(identityId);
      return { json: { identityId }, text: `Identity ${identityId} is confirmed` };
    },
  ),
});

/** All of them, since each has to be judged after a leak; also those of versions that did not record the attachment. */
async function listAttached(
  call: Call,
  app: INestApplicationContext,
  { account }: Libs,
  { userId, provider }: Pick<IdentityFilter, 'userId' | 'provider'>,
): Promise<Answer> {
  const since = instant('attached-since', call.required('attached-since'));
  const attached = (await app.get(account.InstallationService).listAttached(since, botOf(call))).filter(
    (one) => (userId ?? one.userId) === one.userId && (provider ?? one.provider) === one.provider,
  );
  const items = attached
    .slice(0, call.has('limit') ? limitOf(call) : undefined)
    .map((one) => ({ ...one, attachedBy: one.attachedBy ?? 'unknown' }));
  return answerOf(items, {
    columns: {
      identity: 'identityId',
      user: 'userId',
      platform: 'provider',
      attached: 'attachedAt',
      by: 'attachedBy',
      cap: 'cap',
      with: 'attachedWith',
    },
    none: 'None',
  });
}

/** In the stored form: `provider/environment/id`. */
function botOf(call: Call): string | null {
  if (!call.has('bot')) return null;
  const { provider, environment, botId } = bot(call);
  return `${provider}/${environment}/${botId}`;
}

function identityOf(call: Call): string {
  return uuidArgument(call, 'identityId');
}

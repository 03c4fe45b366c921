import { instant } from '../call';
import { command, group, needed } from '../declaration';
import { UsageError } from '../errors';
import { leakedBy, platformOptions } from '../options';

/** Of a bigint. */
const REFERRAL_ID = /^[1-9]\d{0,17}$/;

export const referral = group('referral', 'referrals', {
  'list-bound': command(
    'list referrals by sign-ins that rest on a leaked token or secret: by --bot or --rapidpace-of',
    {
      '--rapidpace-of <applicationId>': 'sign-ins by Rapidpace proofs of this application',
      '--since <instant>': needed('bound at this instant or later'),
      '--bot <botId>': 'sign-ins that rest on the token of this bot alone',
      ...platformOptions,
    },
  ).list({
    read: async (call, app, { referrals }) => {
      const [leaked, since] = [leakedBy(call), instant('since', call.required('since'))];
      const found = await app.get(referrals.BoundReferrals).list(leaked, since);
      return found.map(({ at, ...one }) => ({ ...one, at: at.toISOString() }));
    },
    columns: {
      referral: 'referralId',
      application: 'applicationId',
      user: 'userId',
      referrer: 'referrerId',
      at: 'at',
      state: ({ isRemoved }) => (isRemoved ? 'removed' : 'counts'),
    },
    none: 'None',
  }),
  remove: command('remove referrals: their people no longer count for those above', {
    '<referralId...>': 'the referrals, as list-bound names them',
  }).act(async ({ positionals: ids }, app, { referrals }) => {
    if (!ids.every((id) => REFERRAL_ID.test(id)))
      throw new UsageError('<referralId> must be an id of list-bound.');
    for (const id of ids) await app.get(referrals.BoundReferrals).remove(id);
    return { json: { removed: [...ids] }, text: `${ids.length} referral(s) removed` };
  }),
});

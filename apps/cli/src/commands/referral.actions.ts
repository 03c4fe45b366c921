import { BoundReferrals } from '@countersign/referrals';
import { leakedBy } from '../bot-options';
import type { Connected } from '../command';
import { instant } from '../instant';
import { table } from '../list-output';
import { UsageError } from '../usage';

/** Of a bigint. */
const REFERRAL_ID = /^[1-9]\d{0,17}$/;

export const listBound: Connected = async (call, app) => {
  const found = await app.get(BoundReferrals).list(leakedBy(call), instant('since', call.required('since')));
  const json = found.map(({ at, ...one }) => ({ ...one, at: at.toISOString() }));
  const rows = json.map((one) => [
    one.referralId,
    one.applicationId,
    one.userId ?? '-',
    one.referrerId ?? '-',
    one.at,
    one.isRemoved ? 'removed' : 'counts',
  ]);
  const headings = ['referral', 'application', 'user', 'referrer', 'at', 'state'];
  return { json, text: rows.length === 0 ? 'None' : table(headings, rows) };
};

export const remove: Connected = async (call, app) => {
  const ids = call.positionals;
  if (!ids.every((id) => REFERRAL_ID.test(id)))
    throw new UsageError('<referralId> must be an id of list-bound.');
  for (const id of ids) await app.get(BoundReferrals).remove(id);
  return { json: { removed: [...ids] }, text: `${ids.length} referral(s) removed` };
};

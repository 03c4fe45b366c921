import { LedgerReplay } from '@countersign/account';
import { reasonOf, type Connected } from '../command';

export const accept: Connected = async (call, app) => {
  const { mark } = await app.get(LedgerReplay).accept(reasonOf(call));
  return { json: { mark }, text: `The ledger of erasures is accepted, at mark ${mark}` };
};

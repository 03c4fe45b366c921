import { reasonOf } from '../call';
import { command, group } from '../declaration';
import { reason } from '../options';

export const ledger = group('ledger', 'the ledger of erasures (ERASURE_LEDGER)', {
  accept: command('go on with a ledger that was lost, or is an older copy', reason).act(
    async (call, app, { account }) => {
      const { mark } = await app.get(account.LedgerReplay).accept(reasonOf(call));
      return { json: { mark }, text: `The ledger of erasures is accepted, at mark ${mark}` };
    },
  ),
});

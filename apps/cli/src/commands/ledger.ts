import { NeededOption, type Declare } from '../command';

const actions = () => import('./ledger.actions.js');

export const declareLedger: Declare = (program, { connected }) => {
  program
    .command('ledger')
    .description('the ledger of erasures (ERASURE_LEDGER)')
    .command('accept')
    .description(
      'go on with a ledger that was lost, is an older copy, or knows blocks that the audit trail lacks',
    )
    .addOption(
      new NeededOption('--reason <reason>', 'a word or the number of a request, for the audit trail'),
    )
    .action(connected(actions, 'accept'));
};

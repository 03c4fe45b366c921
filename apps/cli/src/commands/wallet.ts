import { wordOption, type Declare } from '../command';
import { limitOption } from '../limit-option';
import { switches, walletProviders } from '../words';

const actions = () => import('./wallet.actions.js');

export const declareWallet: Declare = (program, { connected }) => {
  const group = program.command('wallet').description('wallets that people linked to their accounts');
  group
    .command('list')
    .description('list wallets, newest first, without addresses and names')
    .option('--user <userId>', 'only those of this account')
    .addOption(wordOption('--platform <provider>', 'only those of this platform', walletProviders))
    .addOption(
      wordOption(
        '--owners-changed <on|off>',
        'on: only contract wallets with other owners than at their last proof',
        switches,
      ),
    )
    .addOption(limitOption())
    .action(connected(actions, 'list'));
  group
    .command('show')
    .description('show a wallet, without its address and its name')
    .argument('<walletId>', 'the wallet')
    .action(connected(actions, 'show'));
  group
    .command('unlink')
    .description('unlink a wallet with its identity; its sessions end')
    .argument('<walletId>', 'the wallet, as list names it')
    .action(connected(actions, 'unlink'));
};

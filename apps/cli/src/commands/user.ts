import { NeededOption, repeatedOption, wordOption, type Declare } from '../command';
import { limitOption } from '../limit-option';
import { environments, userStatuses } from '../words';

const actions = () => import('./user.actions.js');

const reasonFlags = ['--reason <reason>', 'a word or the number of a request, for the audit trail'] as const;

export const declareUser: Declare = (program, { connected }) => {
  const user = program.command('user').description('accounts');
  for (const [name, description] of [
    ['export', 'print everything that is stored about a person, as one JSON document'],
    ['erase', 'close an account now, and erase it after ERASURE_DAYS'],
  ] as const) {
    const command = user
      .command(name)
      .description(description)
      .argument('<userId>', 'the account')
      .addOption(new NeededOption(...reasonFlags));
    if (name === 'erase') command.option('--now', 'erase it at once');
    command.action(connected(actions, `${name}User`));
  }
  user
    .command('cancel-erasure')
    .description('take back an erasure that an operator requested, or that is due to an account not used')
    .argument('<userId>', 'the account')
    .addOption(new NeededOption(...reasonFlags))
    .action(connected(actions, 'cancelErasure'));
  user
    .command('list')
    .description('list accounts, newest first, without personal fields')
    .addOption(wordOption('--status <status>', 'only those in this state', userStatuses))
    .option('--created-after <instant>', 'only those created at this instant or later')
    .option('--created-before <instant>', 'only those created before this instant')
    .addOption(limitOption())
    .action(connected(actions, 'list'));
  user
    .command('show')
    .description('show an account, without personal fields; for the id of a merged one the surviving one')
    .argument('<userId>', 'the account')
    .action(connected(actions, 'show'));
  user
    .command('find')
    .description(
      'find an account by one of --telegram-id, --openweb3-id, --wallet, --username, --phone, --session and --user',
    )
    .option('--telegram-id <id>', 'id of the person at Telegram')
    .option('--openweb3-id <id>', 'id of the person at OpenWeb3')
    .option('--wallet <address>', 'address of a wallet: of a key, or of a contract on any configured chain')
    .option('--chain <chainId>', 'only the contract wallet of this chain, such as eip155:137')
    .option('--username <username>', 'username at a platform, where the installation has it switched on')
    .option('--phone <number>', 'phone number with country code, where the installation has it switched on')
    .option('--session <sessionId>', 'a session, live or not')
    .option('--user <userId>', 'an id of an account, also of a merged one')
    .addOption(
      wordOption('--environment <environment>', 'environment of the platform or the wallet', environments),
    )
    .action(connected(actions, 'find'));
  user
    .command('reveal')
    .description('show personal fields of an account')
    .argument('<userId>', 'the account')
    .addOption(repeatedOption('--field <field>', 'such as identity.username or profile.displayName'))
    .option('--identity <identityId>', 'fields of this identity only')
    .addOption(new NeededOption(...reasonFlags))
    .action(connected(actions, 'reveal'));
  user
    .command('list-reveals')
    .description(
      'list requests to read personal fields or to export accounts that wait for a decision, newest first',
    )
    .addOption(limitOption())
    .action(connected(actions, 'listReveals'));
  user
    .command('list-referrals')
    .description('show the referrals of an account: its code, its referrers, how many people are below')
    .argument('<userId>', 'the account')
    .action(connected(actions, 'listReferrals'));
  for (const [name, description] of [
    ['approve', 'let the operator of a request read the personal fields or export the account, once'],
    ['decline', 'decline a request to read personal fields or to export an account'],
  ] as const)
    user
      .command(`${name}-reveal`)
      .description(description)
      .argument('<requestId>', 'the request')
      .action(connected(actions, `${name}Reveal`));
  user
    .command('set')
    .description('change the state of an account; deactivating ends its sessions')
    .argument('[userId]', 'the account')
    .option('--user <userId>', 'the account, instead of the argument')
    .addOption(wordOption('--status <status>', 'state of the account', userStatuses, NeededOption))
    .action(connected(actions, 'setUser'));
};

import type { Command } from 'commander';
import { withBot, withPlace } from '../bot-options';
import { NeededOption, wordOption, type Declare } from '../command';
import { limitOption } from '../limit-option';
import { botStatuses, environments, providers, signaturePolicies } from '../words';

const actions = () => import('./bot.actions.js');

export const declareBot: Declare = (program, { connected }) => {
  const group = program.command('bot').description('bots whose proofs are verified');
  withPlace(
    group
      .command('add')
      .description('add a bot to an application')
      .addOption(new NeededOption('--application <applicationId>', 'application that the bot belongs to'))
      .addOption(new NeededOption('--username <username>', 'username of the bot'))
      .option('--mini-app <name>', 'short name of its Mini App; without it links open its main Mini App')
      .option('--token-stdin', 'read the token from standard input')
      .addOption(signatureOption().default('required')),
  ).action(connected(actions, 'add'));

  group
    .command('list')
    .description('list bots, newest first')
    .option('--application <applicationId>', 'only those of this application')
    .addOption(wordOption('--provider <provider>', 'only those of this provider', providers))
    .addOption(wordOption('--environment <environment>', 'only those of this environment', environments))
    .addOption(wordOption('--status <status>', 'only those in this state', botStatuses))
    .option('--bot <botId>', 'only those with this numeric id')
    .addOption(limitOption())
    .action(connected(actions, 'list'));

  const ofOne = (name: string, description: string): Command =>
    withBot(
      group.command(name).description(description).argument('[botId]', 'numeric id of the bot'),
      'the bot, instead of the argument',
    );
  ofOne('show', 'show a bot').action(connected(actions, 'show'));
  ofOne('set', 'change the state of a bot, its username, Mini App or OpenID Connect secret')
    .addOption(wordOption('--status <status>', 'state of the bot', botStatuses))
    .addOption(signatureOption())
    .option('--username <username>', 'another username')
    .option('--mini-app <name>', 'short name of its Mini App')
    .option('--remove-mini-app', 'links open its main Mini App')
    .option('--oidc-secret-stdin', 'read its secret of Log In With Telegram from standard input')
    .option('--remove-oidc-secret', 'remove its secret of Log In With Telegram')
    .action(connected(actions, 'set'));
  ofOne('rotate', 'replace the token of a bot')
    .option('--token-stdin', 'read the new token from standard input')
    .option('--until <instant>', 'the old token verifies until then; not at all when this is absent')
    .action(connected(actions, 'rotate'));
  ofOne('remove', 'remove a bot; its sessions go on').action(connected(actions, 'remove'));

  const ofAcceptance = (name: string, description: string): Command =>
    withBot(
      group
        .command(name)
        .description(description)
        .addOption(new NeededOption('--application <applicationId>', 'application that accepts the proofs')),
      'numeric id of the bot',
      NeededOption,
    );
  ofAcceptance(
    'allow',
    "accept what Telegram signs for another operator's bot; such proofs reach no account plane",
  ).action(connected(actions, 'allow'));
  ofAcceptance('disallow', 'accept it no more').action(connected(actions, 'disallow'));
  group
    .command('list-allowed')
    .description("list other operators' bots whose proofs an application accepts")
    .addOption(new NeededOption('--application <applicationId>', 'application that accepts the proofs'))
    .action(connected(actions, 'listAllowed'));
};

function signatureOption(): ReturnType<typeof wordOption> {
  return wordOption(
    '--signature <policy>',
    "whether Telegram's Ed25519 signature has to be there",
    signaturePolicies,
  );
}

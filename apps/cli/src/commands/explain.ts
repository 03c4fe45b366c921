import { NeededOption, wordOption, type Declare } from '../command';
import { providers } from '../words';

const actions = () => import('./explain.actions.js');

export const declareExplain: Declare = (program, { connected }) => {
  program
    .command('explain')
    .description('say which rule a proof fails, and use nothing up: one of the options that end in -stdin')
    .addOption(new NeededOption('--application <applicationId>', 'application that the proof is for'))
    .option('--bot <botId>', 'numeric id of the bot, where the application has several')
    .option('--init-data-stdin', 'init data of a Mini App')
    .addOption(
      wordOption('--provider <provider>', 'provider of the init data', providers).default('telegram'),
    )
    .option('--third-party', 'init data of a bot that is only allowed; with --bot')
    .option('--login-widget-stdin', 'Login Widget: its JSON object, the query, or tgAuthResult')
    .option('--contact-stdin', 'contact of requestContact')
    .option('--id-token-stdin', 'ID token of Log In With Telegram')
    .option('--nonce <nonce>', 'nonce that the ID token repeats')
    .option('--rapidpace-body-stdin', 'body of a call of Rapidpace; with --hmac')
    .option('--hmac <base64>', 'its header x-urm-hmac')
    .option('--rapidpace-link-stdin', 'link of Rapidpace: the URL, or its query')
    .action(connected(actions, 'explain'));
};

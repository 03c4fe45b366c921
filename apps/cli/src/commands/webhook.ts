import type { Command } from 'commander';
import { NeededOption, repeatedOption, wordOption, type Declare } from '../command';
import { limitOption } from '../limit-option';
import { deliveryStates, replayedStates, webhookSignatures, webhookStatuses } from '../words';

const actions = () => import('./webhook.actions.js');

export const declareWebhook: Declare = (program, { connected }) => {
  const group = program.command('webhook').description('endpoints that events are delivered to');
  withSubscription(
    group
      .command('create')
      .description('make an endpoint; its first secret is shown once')
      .addOption(new NeededOption('--name <name>', 'name for operators'))
      .addOption(new NeededOption('--url <url>', 'where events are delivered to'))
      .addOption(wordOption('--signature <signature>', 'v1 or v1a', webhookSignatures).default('hmac')),
  ).action(connected(actions, 'create'));
  group
    .command('list')
    .description('list endpoints, newest first')
    .addOption(wordOption('--status <status>', 'only those with this status', webhookStatuses))
    .option('--type <type>', 'only those that get events of this type')
    .option('--application <applicationId>', 'only those that get the events of this application')
    .addOption(limitOption())
    .action(connected(actions, 'list'));
  const ofOne = (name: string, description: string): Command =>
    group.command(name).description(description).argument('<endpointId>', 'the endpoint');
  ofOne('show', 'show an endpoint').action(connected(actions, 'show'));
  withSubscription(
    ofOne('set', 'change an endpoint; types and applications that are passed replace those that it has'),
  )
    .option('--name <name>', 'another name for operators')
    .option('--url <url>', 'another URL; what waits to be delivered goes there too')
    .option('--all-applications', 'deliver the events of all applications, and of none')
    .action(connected(actions, 'set'));
  ofOne('remove', 'remove an endpoint, with its secrets and deliveries').action(connected(actions, 'remove'));
  ofOne('enable', 'enable an endpoint; what waited is delivered').action(connected(actions, 'enable'));
  ofOne('disable', 'disable an endpoint').action(connected(actions, 'disable'));
  ofOne('test', 'deliver a test event').action(connected(actions, 'test'));
  ofOne('deliveries', 'list the deliveries to an endpoint, newest first, or show one with its attempts')
    .option('--event <eventId>', 'show this one')
    .addOption(wordOption('--state <state>', 'only those in this state', deliveryStates))
    .option('--type <type>', 'only events of this type')
    .addOption(limitOption())
    .action(connected(actions, 'deliveries'));
  ofOne('replay', 'deliver again: by --event, or by --from and --before')
    .option('--event <eventId>', 'this one')
    .option('--from <instant>', 'events of this instant or later')
    .option('--before <instant>', 'events before this instant')
    .addOption(
      repeatedOption(
        '--state <state>',
        `which of a time, of ${replayedStates.join(', ')}; all but those delivered by default`,
      ),
    )
    .action(connected(actions, 'replay'));
  ofOne('add-secret', 'add a secret; it is shown once, and the older ones expire')
    .addOption(
      wordOption('--signature <signature>', 'v1 or v1a; by default as the newest secret', webhookSignatures),
    )
    .option('--overlap-until <instant>', 'until when the older ones sign too; a day when this is absent')
    .action(connected(actions, 'addSecret'));
  ofOne('list-secrets', 'list the secrets, by id').action(connected(actions, 'listSecrets'));
  ofOne('remove-secret', 'remove a secret; one that does not expire remains')
    .addOption(new NeededOption('--secret <secretId>', 'the secret, as list-secrets names it'))
    .action(connected(actions, 'removeSecret'));
};

function withSubscription(command: Command): Command {
  return command
    .addOption(repeatedOption('--type <type>', 'a type of events that it gets (docs/events.md)'))
    .option('--all-types', 'deliver events of all types, also those of later versions')
    .addOption(repeatedOption('--application <applicationId>', 'only events that concern it'));
}

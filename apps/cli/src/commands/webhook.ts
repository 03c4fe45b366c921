import type { IssuedWebhookSecretResponse } from '@countersign/webhooks';
import {
  choose,
  chooseIfGiven,
  ifGiven,
  instant,
  limitOf,
  refuseWithout,
  uuid,
  uuidArgument,
  type Call,
} from '../call';
import {
  answerOf,
  command,
  given,
  group,
  needed,
  oneOf,
  readUpTo,
  repeated,
  type CommandDeclaration,
  type Takes,
} from '../declaration';
import { UsageError } from '../errors';
import { limit } from '../options';
import { listing, tableOf } from '../output';
import { deliveryStates, replayedStates } from '../words';

const one: Takes = { '<endpointId>': 'the endpoint' };
const subscription: Takes = {
  '--type <type>': repeated('a type of events that it gets (docs/events.md)'),
  '--all-types': 'deliver events of all types, also those of later versions',
  '--application <applicationId>': repeated('only events that concern it'),
};

export const webhook = group('webhook', 'endpoints that events are delivered to', {
  create: command('make an endpoint; its first secret is shown once', {
    '--name <name>': needed('name for operators'),
    '--url <url>': needed('where events are delivered to'),
    ...subscription,
  }).act(async (call, app, { http, webhooks }) => {
    if (call.has('type') === call.has('all-types')) throw new UsageError('Pass --type or --all-types.');
    const wanted = http.readInput(webhooks.CreateWebhookRequest, {
      name: call.required('name'),
      url: call.required('url'),
      ...subscriptionOf(call, webhooks.ALL_TYPES),
    });
    const { endpoint, secret } = await app.get(webhooks.WebhookEndpoints).create(wanted);
    const issued = http.toResponse(webhooks.IssuedWebhookSecretResponse, secret);
    const json = { ...webhooks.WebhookResponse.of(endpoint), ...issued };
    return { json, text: `Endpoint ${endpoint.id}\n${secretLines(issued)}` };
  }),
  list: command('list endpoints, newest first', limit).list({
    read: async (call, app, { webhooks }) => {
      const endpoints = app.get(webhooks.WebhookEndpoints);
      const found = await readUpTo(call, (keyset) => endpoints.list(keyset), 'id');
      return found.map((row) => webhooks.WebhookResponse.of(row));
    },
    columns: {
      endpoint: 'endpointId',
      status: ({ status, disabledReason }) =>
        disabledReason === null ? status : `${status} (${disabledReason})`,
      name: 'name',
      url: 'url',
    },
  }),
  show: command('show an endpoint', one).show(async (call, app, { webhooks }) =>
    webhooks.WebhookResponse.of(await app.get(webhooks.WebhookEndpoints).get(idOf(call))),
  ),
  set: command('change an endpoint; types and applications that are passed replace those that it has', {
    ...one,
    ...subscription,
    '--name <name>': 'another name for operators',
    '--url <url>': 'another URL; what waits to be delivered goes there too',
    '--all-applications': 'deliver the events of all applications, and of none',
  }).show(async (call, app, { http, webhooks }) => {
    if (call.has('type') && call.has('all-types')) throw new UsageError('Pass --type or --all-types.');
    if (call.has('application') && call.has('all-applications'))
      throw new UsageError('Pass --application or --all-applications.');
    refuseWithout(call, ['name', 'url', 'type', 'all-types', 'application', 'all-applications']);
    const wanted = {
      ...given({ name: call.optional('name'), url: call.optional('url') }),
      ...subscriptionOf(call, webhooks.ALL_TYPES),
      ...(call.has('all-applications') ? { applicationIds: null } : {}),
    };
    const change = http.readInput(webhooks.ChangeWebhookRequest, wanted);
    return webhooks.WebhookResponse.of(await app.get(webhooks.WebhookEndpoints).change(idOf(call), change));
  }),
  remove: command('remove an endpoint, with its secrets and deliveries', one).act(
    async (call, app, { webhooks }) => {
      const endpointId = idOf(call);
      await app.get(webhooks.WebhookEndpoints).remove(endpointId);
      return { json: { endpointId }, text: `Endpoint ${endpointId} is removed` };
    },
  ),
  enable: switching('enable an endpoint; what waited is delivered', 'enable'),
  disable: switching('disable an endpoint', 'disable'),
  test: command('deliver a test event', one).act(async (call, app, { webhooks }) => {
    const { eventId } = await app.get(webhooks.WebhookReplays).test(idOf(call));
    const text = `Event ${eventId}: see what becomes of it with deliveries --event`;
    return { json: { eventId }, text };
  }),
  deliveries: command('list the deliveries to an endpoint, newest first, or show one with its attempts', {
    ...one,
    '--event <eventId>': 'show this one',
    '--state <state>': oneOf(deliveryStates, 'only those in this state'),
    '--type <type>': 'only events of this type',
    ...limit,
  }).act(async (call, app, { http, webhooks }) => {
    const log = app.get(webhooks.WebhookLog);
    const eventId = ifGiven(call, 'event', uuid);
    if (eventId !== undefined) {
      const found = await log.get(idOf(call), eventId);
      const json = webhooks.ReadWebhookDeliveryResponse.ofLog(found.delivery, found.attempts);
      const { attempts, ...delivery } = json;
      const columns = {
        attempted: 'attemptedAt',
        outcome: 'outcome',
        status: 'status',
        ms: 'durationMs',
      } as const;
      const text = `${listing(delivery)}\n\n${tableOf(attempts, columns)}`;
      return { json: { ...delivery, attempts }, text };
    }
    const filter = http.readInput(
      webhooks.WebhookDeliveriesFilter,
      given({ state: chooseIfGiven(call, 'state', deliveryStates), type: call.optional('type') }),
    );
    const found = await log.list(idOf(call), filter, limitOf(call));
    return answerOf(
      found.map((row) => webhooks.WebhookDeliveryResponse.of(row)),
      {
        columns: {
          event: 'eventId',
          occurred: 'occurredAt',
          state: 'state',
          attempts: 'attemptCount',
          due: 'dueAt',
          type: 'type',
          subject: 'subject',
        },
      },
    );
  }),
  replay: command('deliver again: by --event, or by --from and --before', {
    ...one,
    '--event <eventId>': 'this one',
    '--from <instant>': 'events of this instant or later',
    '--before <instant>': 'events before this instant',
    '--state <state>': repeated(
      `which of a time, of ${replayedStates.join(', ')}; all but those delivered by default`,
    ),
  }).act(async (call, app, { http, webhooks }) => {
    const replays = app.get(webhooks.WebhookReplays);
    const eventId = ifGiven(call, 'event', uuid);
    const range = ['from', 'before', 'state'].filter((name) => call.has(name));
    if ((eventId === undefined) === (range.length === 0))
      throw new UsageError('Pass --event, or --from and --before.');
    if (eventId !== undefined) {
      const json = webhooks.WebhookDeliveryResponse.of(await replays.replay(idOf(call), eventId));
      return { json, text: `Event ${eventId} is ${json.state}` };
    }
    const wanted = http.readInput(webhooks.ReplayWebhookDeliveriesRequest, {
      from: instant('from', call.required('from')).toISOString(),
      before: instant('before', call.required('before')).toISOString(),
      ...(call.has('state')
        ? { states: call.all('state').map((state) => choose('state', state, replayedStates)) }
        : {}),
    });
    const { replayed } = await replays.replayAll(idOf(call), wanted.toRange());
    return { json: { replayed }, text: `${replayed} deliveries are due` };
  }),
  'add-secret': command('add a secret; it is shown once, and the older ones expire', {
    ...one,
    '--overlap-until <instant>': 'until when the older ones sign too; a day when this is absent',
  }).act(async (call, app, { http, webhooks }) => {
    const wanted = http.readInput(
      webhooks.AddWebhookSecretRequest,
      given({
        overlapUntil: ifGiven(call, 'overlap-until', instant)?.toISOString(),
      }),
    );
    const added = await app.get(webhooks.WebhookSecrets).add(idOf(call), wanted.until());
    const issued = http.toResponse(webhooks.IssuedWebhookSecretResponse, added);
    return { json: issued, text: secretLines(issued) };
  }),
});

function switching(description: string, name: 'enable' | 'disable'): CommandDeclaration {
  return command(description, one).show(async (call, app, { webhooks }) =>
    webhooks.WebhookResponse.of(await app.get(webhooks.WebhookEndpoints)[name](idOf(call))),
  );
}

function idOf(call: Call): string {
  return uuidArgument(call, 'endpointId');
}

function subscriptionOf(call: Call, allTypes: string): object {
  return {
    ...(call.has('all-types') ? { types: [allTypes] } : {}),
    ...(call.has('type') ? { types: [...call.all('type')] } : {}),
    ...(call.has('application')
      ? { applicationIds: call.all('application').map((id) => uuid('application', id)) }
      : {}),
  };
}

function secretLines({ secretId, secret }: IssuedWebhookSecretResponse): string {
  return `Secret ${secretId}\n${secret} (shown once)`;
}

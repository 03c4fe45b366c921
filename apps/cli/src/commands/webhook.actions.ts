import { readUpTo } from '@countersign/admin';
import { readInput } from '@countersign/http';
import {
  AddWebhookSecretRequest,
  ALL_TYPES,
  ChangeWebhookRequest,
  CreateWebhookRequest,
  IssuedWebhookSecretResponse,
  ReadWebhookDeliveryResponse,
  ReplayWebhookDeliveriesRequest,
  WebhookDeliveriesFilter,
  WebhookDeliveryResponse,
  WebhookEndpoints,
  WebhookLog,
  WebhookReplays,
  WebhookResponse,
  WebhookSecretResponse,
  WebhookSecrets,
  WebhooksFilter,
} from '@countersign/webhooks';
import {
  choose,
  chooseIfGiven,
  ifGiven,
  uuid,
  uuidArgument,
  type Answer,
  type Call,
  type Connected,
} from '../command';
import { instant } from '../instant';
import { limitOf } from '../limit-option';
import { listing, table } from '../list-output';
import { UsageError } from '../usage';
import { deliveryStates, replayedStates, webhookSignatures, webhookStatuses } from '../words';

export const create: Connected = async (call, app) => {
  if (call.has('type') === call.has('all-types')) throw new UsageError('Pass --type or --all-types.');
  const wanted = readInput(CreateWebhookRequest, {
    name: call.required('name'),
    url: call.required('url'),
    signature: choose('signature', call.required('signature'), webhookSignatures),
    ...subscriptionOf(call),
  });
  const { endpoint, secret } = await app.get(WebhookEndpoints).create(wanted);
  const issued = IssuedWebhookSecretResponse.of(secret);
  const text = `Endpoint ${endpoint.id}\n${secretLines(issued)}`;
  return { json: { ...WebhookResponse.of(endpoint), ...issued }, text };
};

export const list: Connected = async (call, app) => {
  const endpoints = app.get(WebhookEndpoints);
  const filter = readInput(WebhooksFilter, {
    ...given('status', chooseIfGiven(call, 'status', webhookStatuses)),
    ...given('type', call.optional('type')),
    ...given('applicationId', ifGiven(call, 'application', uuid)),
  });
  const found = await readUpTo(
    limitOf(call),
    (keyset) => endpoints.list(filter, keyset),
    ({ id }) => id,
  );
  const json = found.map((one) => WebhookResponse.of(one));
  const rows = json.map(({ endpointId, status, disabledReason, failingSince, name, url }) => [
    endpointId,
    disabledReason === null ? status : `${status} (${disabledReason})`,
    failingSince ?? '-',
    name,
    url,
  ]);
  return { json, text: table(['endpoint', 'status', 'failing since', 'name', 'url'], rows) };
};

export const show: Connected = async (call, app) =>
  answerOf(WebhookResponse.of(await app.get(WebhookEndpoints).get(idOf(call))));

export const set: Connected = async (call, app) => {
  if (call.has('type') && call.has('all-types')) throw new UsageError('Pass --type or --all-types.');
  if (call.has('application') && call.has('all-applications'))
    throw new UsageError('Pass --application or --all-applications.');
  const wanted = {
    ...given('name', call.optional('name')),
    ...given('url', call.optional('url')),
    ...subscriptionOf(call),
    ...(call.has('all-applications') ? { applicationIds: null } : {}),
  };
  if (Object.keys(wanted).length === 0)
    throw new UsageError('Pass --name, --url, --type, --all-types, --application or --all-applications.');
  const change = readInput(ChangeWebhookRequest, wanted);
  return answerOf(WebhookResponse.of(await app.get(WebhookEndpoints).change(idOf(call), change)));
};

export const remove: Connected = async (call, app) => {
  const endpointId = idOf(call);
  await app.get(WebhookEndpoints).remove(endpointId);
  return { json: { endpointId }, text: `Endpoint ${endpointId} is removed` };
};

export const enable: Connected = async (call, app) =>
  answerOf(WebhookResponse.of(await app.get(WebhookEndpoints).enable(idOf(call))));

export const disable: Connected = async (call, app) =>
  answerOf(WebhookResponse.of(await app.get(WebhookEndpoints).disable(idOf(call))));

export const test: Connected = async (call, app) => {
  const { eventId } = await app.get(WebhookReplays).test(idOf(call));
  return { json: { eventId }, text: `Event ${eventId}: see what becomes of it with deliveries --event` };
};

export const deliveries: Connected = async (call, app) => {
  const log = app.get(WebhookLog);
  const eventId = ifGiven(call, 'event', uuid);
  if (eventId !== undefined) {
    const found = await log.get(idOf(call), eventId);
    const { attempts, ...delivery } = ReadWebhookDeliveryResponse.ofLog(found.delivery, found.attempts);
    const made = attempts.map(({ attemptedAt, outcome, status, durationMs }) => [
      attemptedAt,
      outcome,
      status === null ? '-' : String(status),
      String(durationMs),
    ]);
    const text = `${listing(delivery)}\n\n${table(['attempted', 'outcome', 'status', 'ms'], made)}`;
    return { json: { ...delivery, attempts }, text };
  }
  const filter = readInput(WebhookDeliveriesFilter, {
    ...given('state', chooseIfGiven(call, 'state', deliveryStates)),
    ...given('type', call.optional('type')),
  });
  const found = await log.list(idOf(call), filter, limitOf(call));
  const json = found.map((one) => WebhookDeliveryResponse.of(one));
  const rows = json.map((one) => [
    one.eventId,
    one.occurredAt,
    one.state,
    String(one.attemptCount),
    one.dueAt ?? '-',
    one.type,
    one.subject,
  ]);
  return { json, text: table(['event', 'occurred', 'state', 'attempts', 'due', 'type', 'subject'], rows) };
};

export const replay: Connected = async (call, app) => {
  const replays = app.get(WebhookReplays);
  const eventId = ifGiven(call, 'event', uuid);
  const range = ['from', 'before', 'state'].filter((name) => call.has(name));
  if ((eventId === undefined) === (range.length === 0))
    throw new UsageError('Pass --event, or --from and --before.');
  if (eventId !== undefined) {
    const delivery = WebhookDeliveryResponse.of(await replays.replay(idOf(call), eventId));
    return { json: delivery, text: `Event ${eventId} is ${delivery.state}` };
  }
  const wanted = readInput(ReplayWebhookDeliveriesRequest, {
    from: instant('from', call.required('from')).toISOString(),
    before: instant('before', call.required('before')).toISOString(),
    ...(call.has('state')
      ? { states: call.all('state').map((state) => choose('state', state, replayedStates)) }
      : {}),
  });
  const { replayed, alreadyPending } = await replays.replayAll(idOf(call), wanted.toRange());
  const pending = alreadyPending === 0 ? '' : `, ${alreadyPending} were pending before and stay as they are`;
  return { json: { replayed, alreadyPending }, text: `${replayed} deliveries are due${pending}` };
};

export const addSecret: Connected = async (call, app) => {
  const wanted = readInput(AddWebhookSecretRequest, {
    ...given('signature', chooseIfGiven(call, 'signature', webhookSignatures)),
    ...given('overlapUntil', ifGiven(call, 'overlap-until', instant)?.toISOString()),
  });
  const added = await app.get(WebhookSecrets).add(idOf(call), wanted.toWanted());
  const issued = IssuedWebhookSecretResponse.of(added);
  return { json: issued, text: secretLines(issued) };
};

export const listSecrets: Connected = async (call, app) => {
  const secrets = await app.get(WebhookSecrets).list(idOf(call));
  const json = secrets.map((secret) => WebhookSecretResponse.of(secret));
  const rows = json.map(({ secretId, signature, createdAt, expiresAt, publicKey }) => [
    secretId,
    signature,
    createdAt,
    expiresAt ?? 'never',
    publicKey ?? '-',
  ]);
  return { json, text: table(['secret', 'signature', 'added', 'expires', 'public key'], rows) };
};

export const removeSecret: Connected = async (call, app) => {
  const secretId = uuid('secret', call.required('secret'));
  await app.get(WebhookSecrets).remove(idOf(call), secretId);
  return { json: { secretId }, text: `Secret ${secretId} is removed` };
};

function idOf(call: Call): string {
  return uuidArgument(call, 'endpointId');
}

function given(name: string, value: string | undefined): object {
  return value === undefined ? {} : { [name]: value };
}

function subscriptionOf(call: Call): object {
  return {
    ...(call.has('all-types') ? { types: [ALL_TYPES] } : {}),
    ...(call.has('type') ? { types: [...call.all('type')] } : {}),
    ...(call.has('application')
      ? { applicationIds: call.all('application').map((id) => uuid('application', id)) }
      : {}),
  };
}

function answerOf(endpoint: WebhookResponse): Answer {
  return { json: endpoint, text: listing(endpoint) };
}

function secretLines({ secretId, secret, publicKey }: IssuedWebhookSecretResponse): string {
  const shown = secret === null ? `Public key ${publicKey ?? ''}` : `${secret} (shown once)`;
  return `Secret ${secretId}\n${shown}`;
}

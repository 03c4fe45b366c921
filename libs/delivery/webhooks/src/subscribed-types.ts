import { eventTypeList, type EventSubscription, type EventType } from '@countersign/events';
import type { WebhookEndpointEntity } from './webhook.entity';

/** What an endpoint names to get events of all types, also those that later versions add. */
export const ALL_TYPES = '*';

/** The types that an endpoint can ask for. Test events reach the endpoint that is tested, without asking. */
export const subscribableTypes = eventTypeList((types) => types.filter((type) => type !== 'webhook.test'));

/** What an endpoint may name. */
export const namedTypes = eventTypeList<string>((types) => [
  ...types.filter((type) => type !== 'webhook.test'),
  ALL_TYPES,
]);

/** The types of the catalogue that an endpoint asks for. Those that this version does not know are kept. */
export function subscribedTypes(types: readonly string[]): readonly EventType[] {
  return types.includes(ALL_TYPES) ? subscribableTypes : (types as readonly EventType[]);
}

/** What an active endpoint asks for. */
export function subscriptionOf({
  id,
  types,
  applicationIds,
}: Pick<WebhookEndpointEntity, 'id' | 'types' | 'applicationIds'>): EventSubscription {
  return { subscriberId: id, types: subscribedTypes(types), applicationIds };
}

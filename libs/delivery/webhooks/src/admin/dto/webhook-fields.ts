import { endpointStatuses } from '../../webhook-endpoint.entity';
import { ALL_TYPES, subscribableTypes } from '../../subscribed-types';

export const EVENT_ID = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
export const ENDPOINT_ID = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42';
export const INSTANT = '2026-11-02T09:30:00.000Z';

/** What an endpoint may name. */
export const namedTypes = [...subscribableTypes, ALL_TYPES] as readonly string[];

export const nameField = { description: 'A name for operators, 1 to 200 characters.', example: 'crm' };
export const urlField = {
  description:
    'Where events are delivered to: `https://`, port 443 and a public host, or a receiver in ' +
    '`WEBHOOK_ALLOWED_TARGETS`. Without user, password and fragment.',
  example: 'https://crm.example.com/webhooks/countersign',
};
export const typesField = {
  description:
    'The types of events that it gets (docs/events.md); `*` for all, also those of later versions.',
  enum: [...namedTypes],
  enumName: 'WebhookEventType',
  isArray: true,
  example: ['user.created', 'user.erased'],
};
export const applicationIdsField = {
  description: 'Only events that concern one of these applications; null for all events.',
  type: [String] as [typeof String],
  format: 'uuid',
  nullable: true,
  example: [ENDPOINT_ID],
};
export const statusField = {
  description: 'No event is written for a disabled one; what waits to be delivered goes on waiting.',
  enum: [...endpointStatuses],
  enumName: 'WebhookStatus',
  example: 'active',
};
export const signatureField = {
  description: '`hmac`: the signature `v1` of Standard Webhooks 1.0; `ed25519`: `v1a`.',
  example: 'hmac',
};

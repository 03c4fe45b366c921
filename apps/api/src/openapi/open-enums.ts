import type { OpenAPIObject } from '@nestjs/swagger';

/** Schemas of values that later versions add to. */
const OPEN_ENUMS = ['AuditAction', 'EventType', 'RevealedField', 'Scope', 'WebhookEventType'];

/** Announces that answers get more values of some lists: clients must not fail on one that they do not know. */
export function openEnums(document: OpenAPIObject): void {
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {}))
    if (OPEN_ENUMS.includes(name)) Object.assign(schema, { 'x-open-enum': true });
}

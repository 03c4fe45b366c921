import { declarationOf, fieldDeclarationOf, type EventField, type EventType } from './acts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema (2020-12) of the body by which an event of a type is delivered. */
export function eventSchema(type: EventType): JsonSchema {
  const { version, meaning, fields, optional = [] } = declarationOf(type);
  return {
    title: type,
    description: meaning,
    type: 'object',
    required: ['type', 'version', 'sequence', 'timestamp', 'data'],
    properties: {
      type: { const: type },
      version: { const: version },
      sequence: { type: 'integer' },
      timestamp: { type: 'string', format: 'date-time' },
      data: {
        type: 'object',
        required: fields.filter((field) => !optional.includes(field)),
        properties: Object.fromEntries(fields.map((field) => [field, fieldSchema(field)])),
      },
    },
  };
}

function fieldSchema(field: EventField): JsonSchema {
  const { format, meaning } = fieldDeclarationOf(field);
  return {
    type: format === 'boolean' ? format : 'string',
    ...(format === 'uuid' ? { format } : {}),
    description: meaning,
  };
}

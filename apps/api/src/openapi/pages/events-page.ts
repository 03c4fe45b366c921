import { environments, identityProviders } from '@countersign/applications';
import {
  declarationOf,
  eventFieldNames,
  eventSchema,
  eventTypeNames,
  fieldDeclarationOf,
  type EventType,
} from '@countersign/events';
import { assurances, doorNames, endReasons } from '@countersign/sessions';
import { userStatuses } from '@countersign/users';
import { table } from './table';

/** A session that ran out has no event. */
const ENDS = endReasons.filter((reason) => reason !== 'idle' && reason !== 'disputed');

/** The end of docs/events.md. */
export function eventsPage(): string {
  return [
    '## Types\n\nA field in brackets is not in every event of its type.\n\n',
    table(
      ['type', 'version', 'meaning', 'subject', 'data'],
      eventTypeNames.map((type) => [`\`${type}\``, ...describe(type)]),
    ),
    '\n## Fields\n\n',
    table(
      ['field', 'meaning'],
      eventFieldNames.map((field) => [`\`${field}\``, fieldDeclarationOf(field).meaning]),
    ),
    '\n## Words\n\n',
    table(
      ['field', 'words'],
      [
        ['`provider`', listed(identityProviders)],
        ['`environment`', listed(environments)],
        ['`assurance`', listed(assurances)],
        ['`door`', listed(doorNames)],
        ['`status`', listed(userStatuses)],
        ['`reason` of `session.ended`', listed(ENDS)],
      ],
    ),
  ].join('');
}

/** docs/events.schema.json: a body of any type. */
export function eventSchemas(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Body of an event',
    oneOf: eventTypeNames.map((type) => ({ $ref: `#/$defs/${type}` })),
    $defs: Object.fromEntries(eventTypeNames.map((type) => [type, eventSchema(type)])),
  };
}

function describe(type: EventType): readonly string[] {
  const { version, meaning, orderedBy, fields, optional = [] } = declarationOf(type);
  const data = fields.map((field) => (optional.includes(field) ? `[\`${field}\`]` : `\`${field}\``));
  const subject = orderedBy === null ? 'the event itself' : `\`${orderedBy}\``;
  return [String(version), meaning, subject, data.join(', ')];
}

function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

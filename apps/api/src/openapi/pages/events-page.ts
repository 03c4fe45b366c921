import { environments, identityProviders } from '@countersign/applications';
import {
  declarationOf,
  EVENT_DAYS,
  eventFieldNames,
  eventSchema,
  eventTypeNames,
  fieldDeclarationOf,
  type EventField,
  type EventType,
} from '@countersign/events';
import { assurances, doorNames, endReasons } from '@countersign/sessions';
import { userStatuses } from '@countersign/users';

/** A session that ran out has no event. */
const ENDS = endReasons.filter((reason) => reason !== 'idle');

const INTRODUCTION = `# Events

The service tells your other services what happens to accounts, identities, sessions, applications and keys. Each event is
one HTTP request to each webhook endpoint that asks for its type, as
[Standard Webhooks 1.0](https://www.standardwebhooks.com) describes it.

An event has ids, words of closed lists, instants and numbers: no name, no phone number, no address of a wallet and no token of
a session. Your service reads the rest through the API.

This page and [events.schema.json](events.schema.json) are generated from the code
(\`apps/api/src/openapi/write-documents.ts\`): do not edit them.

## The request

\`\`\`http
POST /your/path HTTP/1.1
content-type: application/json
webhook-id: 0199a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b
webhook-timestamp: 1764000001
webhook-signature: v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=

`;

const AFTER_EXAMPLE = `\`\`\`

| field       | meaning                                                                  |
|-------------|--------------------------------------------------------------------------|
| \`type\`      | one of the [types](#types)                                               |
| \`version\`   | the version of the type, an integer                                      |
| \`sequence\`  | an integer that grows with the changes of one subject                    |
| \`timestamp\` | when it happened: RFC 3339, in UTC                                       |
| \`data\`      | the fields of the type, all of them text                                 |

| header              | meaning                                                                             |
|---------------------|-------------------------------------------------------------------------------------|
| \`webhook-id\`        | the id of the event: the same in every attempt, every replay and at every endpoint  |
| \`webhook-timestamp\` | when this attempt was made: seconds since 1970                                      |
| \`webhook-signature\` | one signature for each secret of the endpoint, separated by spaces                  |

Answer with a status of 200 to 299 as soon as the event is stored, and process it afterwards. Any other status, a redirect and a
timeout count as failures: the event is sent again.

## Verify the signature

Verify each request before you use its body. The signature is over the bytes of \`webhook-id\`, a dot, \`webhook-timestamp\`, a
dot, and the body as it arrived: do not parse and write it again.

| prefix | algorithm   | key                                                                    |
|--------|-------------|------------------------------------------------------------------------|
| \`v1\`   | HMAC-SHA256 | the endpoint's secret: \`whsec_\` and base64                             |

While a secret is replaced, a request has signatures by both: one that verifies is enough. Ignore prefixes that you do not know.
Refuse a timestamp that is more than five minutes off, so that a recorded request cannot be sent again later.

Libraries of Standard Webhooks verify \`v1\`, the npm package \`standardwebhooks\` for instance with
\`new Webhook(secret).verify(body, headers)\`. [\`@countersign/webhooks\`](../published/webhook-events/README.md) does so, and has the types
of all events. This verifies it without a library:

`;

/** The specification of the example runs it. */
const EXAMPLE = `\`\`\`js
import { createHmac, timingSafeEqual } from 'node:crypto';

const TOLERANCE_SECONDS = 300;

/**
 * @param headers of the request, with names in lower case
 * @param body the bytes of the request, as a Buffer
 * @param secrets of the endpoint: \`whsec_...\`
 */
export function isGenuine(headers, body, secrets, now = Date.now() / 1000) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (!id || !signatures || !(Math.abs(now - Number(timestamp)) <= TOLERANCE_SECONDS)) return false;
  const signed = Buffer.concat([Buffer.from(\`\${id}.\${timestamp}.\`), body]);
  return signatures.split(' ').some((signature) => {
    const [version, encoded = ''] = signature.split(',');
    return version === 'v1' && secrets.some((secret) => isSignedBy(secret, signed, Buffer.from(encoded, 'base64')));
  });
}

function isSignedBy(secret, signed, signature) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(signed).digest();
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}
\`\`\`

`;

const RULES = `## Delivery and order

- **At least once.** An event may arrive more than once. Store the \`webhook-id\` of what you have processed, and drop what
  comes again.
- **With the change.** An event is written in the transaction of the change that it tells. A change that fails has no event, and
  a change that is committed has one, where an endpoint asked for the type at that time.
- **In any order.** Events arrive at the same time, and one that failed comes later than what followed it. Of two events about
  one thing (one session, one member of a team, one listing) the later change has the higher \`sequence\`: there, drop the lower one. Never
  drop an event because of one about another thing, also where both have one subject: another session may have ended. Or read the
  present state through the API.
- **After a restored backup**, or a failover that lost commits, numbers begin again below those that you have: read the present state then.
- **Changes at the same time** have either order: a logout and another sign-in of one person.
- **Expiry has no event.** A session that only runs out has no \`session.ended\`. Its access tokens are refused all the same. Where
  it is revoked after that, \`session.ended\` arrives nevertheless.
- **Kept for a time.** Events are stored for EVENT_DAYS days, and can be sent again as long.

An endpoint may ask for the events of some applications only. An event of a session concerns the application of the session, an
event of an account all applications that its person has used. Events of keys and webhooks concern the installation: such an
endpoint does not get them.

## Versions

A type has a version. These changes do not raise it, so accept them:

- types that you do not know: answer with 200, and ignore them
- fields in \`data\` that you do not know
- words that you do not know, in the fields of the [list of words](#words)

A field that is removed or changes its meaning raises the version. [events.schema.json](events.schema.json) has the JSON Schema
(2020-12) of the body of each type, under \`$defs\`.

`;

/** docs/events.md. */
export function eventsPage(): string {
  const rules = RULES.replace('for EVENT_DAYS days', `for ${EVENT_DAYS} days`);
  return [
    INTRODUCTION,
    `${JSON.stringify(exampleOf('session.opened'), null, 2)}\n`,
    AFTER_EXAMPLE,
    EXAMPLE,
    rules,
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

function exampleOf(type: EventType): object {
  const examples: Readonly<Partial<Record<EventField, string>>> = {
    assurance: 'platform',
    door: 'telegram-init-data',
  };
  const { version, fields } = declarationOf(type);
  const data = fields.map((field, index) => [
    field,
    examples[field] ?? `0199a1b2-7c3d-7e4f-8a5b-00000000000${index}`,
  ]);
  const timestamp = new Date(Date.UTC(2025, 10, 24, 16)).toISOString();
  return { type, version, sequence: 4711, timestamp, data: Object.fromEntries(data) as object };
}

function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}

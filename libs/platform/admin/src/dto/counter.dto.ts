import { Count, Id, ListOf, Text } from '@countersign/http';

const DAY = '2026-11-20';
const A_DAY = {
  pattern: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  schema: { format: 'date' },
} as const;

export class CountersQuery {
  @Text('A day in UTC.', DAY, { input: 'optional', ...A_DAY })
  day?: string;
}

export class CounterResponse {
  @Text('The day, in UTC.', DAY, A_DAY)
  day: string;

  @Text(
    'What was counted: `user.created` (new people), `session.opened` (sign-ins of people who were known), `session.active` ' +
      '(sessions that were used), or `call.refused` (sign-ins, refreshes, and requests to the OpenID provider).',
    'call.refused',
  )
  name: string;

  @Id('The application; null for a sum, and where none was known.', null, { nullable: true })
  applicationId: string | null;

  @Text(
    'The error code of the refusals of one day; `null` otherwise. The codes of the OpenID provider are those of OAuth.',
    'auth.proof_used',
    { nullable: true },
  )
  code: string | null;

  @Count('How many.', 12)
  count: number;
}

export class CountersResponse {
  @ListOf(CounterResponse, 'By day and name.')
  items: readonly CounterResponse[];
}

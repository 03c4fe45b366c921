import { auditActions, type AuditSearch } from '@countersign/audit';
import { Id, Instant, ObjectOf, OneOf, PageQuery, Text, PageOf } from '@countersign/http';

const EXAMPLE_ID = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42';
const EXAMPLE_INSTANT = '2026-11-02T09:30:00.000Z';
const EXAMPLE_DETAILS = { kind: 'machine', scopes: 'users:read' };
const NAME = { input: 'optional', max: 200, pattern: /^[\x21-\x7e]+$/ } as const;

export class AuditQuery extends PageQuery {
  @Instant('The earliest instant.', EXAMPLE_INSTANT, { input: 'optional' })
  from?: string;

  @Instant('Only records before this instant.', '2026-11-03T00:00:00.000Z', { input: 'optional' })
  before?: string;

  @OneOf(auditActions, 'What happened.', 'principal.created', { input: 'optional', name: 'AuditAction' })
  action?: string;

  @Text('Who did it, as records name the actor.', `principal:${EXAMPLE_ID}`, NAME)
  actor?: string;

  @Text('What it was done to, as records name the subject.', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11', NAME)
  subject?: string;

  @Id(
    'Records of this person: by their pseudonym, their identities and their sessions, as actor or subject. ' +
      'None for an account that is gone.',
    EXAMPLE_ID,
    { input: 'optional' },
  )
  userId?: string;

  @Id('Records of this application.', EXAMPLE_ID, { input: 'optional' })
  applicationId?: string;

  toSearch(): AuditSearch {
    const { from, before, action, actor, subject, userId, applicationId } = this;
    return {
      from: from === undefined ? undefined : new Date(from),
      before: before === undefined ? undefined : new Date(before),
      action,
      actor,
      subject,
      userId: userId?.toLowerCase(),
      applicationId: applicationId?.toLowerCase(),
    };
  }
}

export class AuditRecordResponse {
  @Instant('When it happened, by the clock of the replica.')
  occurredAt: string;

  @Id('Its id.')
  id: string;

  @OneOf(auditActions, 'What happened. Later versions have more actions.', 'principal.created', {
    name: 'AuditAction',
  })
  action: string;

  @Text(
    '`principal:` with its id, `operator:` with a name at the command line, `user:` with the pseudonym of a person, ' +
      '`session:` with its id, `identity:` with its id for init data without a session, or `system`.',
    `principal:${EXAMPLE_ID}`,
  )
  actor: string;

  @Text('What it was done to: an id, or the pseudonym of a person.', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11', {
    nullable: true,
  })
  subject: string | null;

  @Id('The application, if it belongs to one.', null, { nullable: true })
  applicationId: string | null;

  @ObjectOf({ type: 'string' }, 'Ids and words of closed lists: never a personal field.', EXAMPLE_DETAILS)
  details: Readonly<Record<string, string>>;

  @Text(
    'The request that it happened in, where one is known: its `X-Request-Id`.',
    '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
    { nullable: true },
  )
  requestId: string | null;
}

export class AuditPageResponse extends PageOf(
  AuditRecordResponse,
  'Newest first. Fewer than the limit, even none, does not mean that it is the last page.',
) {}

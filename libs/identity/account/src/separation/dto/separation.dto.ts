import { PickType } from '@nestjs/swagger';
import { Count, Flag, Id, Instant, ListOf, OneOf, Text } from '@countersign/http';
import { USER_ID } from '../../dto/examples';

export const joinKinds = ['link', 'merge'] as const;
export type JoinKind = (typeof joinKinds)[number];

export class SeparableJoinResponse {
  @Id('The id of the merge or of the link.', '0199a3c6-8a11-7c50-9d5e-0d6b1f2a3c44', { input: 'required' })
  joinId: string;

  @OneOf(joinKinds, '`merge`: the identities came with an account. `link`: the identity had none.', 'merge')
  kind: JoinKind;

  @Id('The account that returns; null for a link, whose identity gets a new one.', USER_ID, {
    nullable: true,
  })
  userId: string | null;

  @Text('The identities that came, and leave.', ['0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11'], { list: {} })
  identityIds: readonly string[];

  @Flag(
    'Whether other identities came than that of the session: then separating asks for a step-up for `account.unlink`.',
    false,
  )
  needsStepUp: boolean;

  @Instant('When they came.', '2026-11-20T08:00:00.000Z')
  joinedAt: string;

  @Instant('Until when it can be separated.', '2026-11-27T08:00:00.000Z')
  separableUntil: string;
}

export class SeparableJoinsResponse {
  @ListOf(SeparableJoinResponse, 'Newest first.')
  items: readonly SeparableJoinResponse[];
}

export class SeparationRequest extends PickType(SeparableJoinResponse, ['joinId']) {}

class LostResponse {
  @Text(
    'What it is: `username`, which another person has, or a word that the page of its feature explains.',
    'username',
  )
  what: string;

  @Id('Its id, where there are several of the kind.', '0199a3c6-9b0c-7a53-8d6e-2f1a4c5b6d70', {
    nullable: true,
  })
  id: string | null;
}

export class SeparationResponse {
  @Id(
    'The account that the identities that left have now: a new one, or the one that they came from.',
    USER_ID,
  )
  userId: string;

  @Count('How many sessions of the identities that left ended.', 2)
  endedSessions: number;

  @ListOf(LostResponse, 'What could not return.')
  lost: readonly LostResponse[];
}

import { IntersectionType } from '@nestjs/swagger';
import { AdminPageOf } from '@countersign/admin';
import { Count, Id, Instant, Integer, ListOf, OneOf, PageQuery, Text } from '@countersign/http';
import { sendStates, versionKinds, type StoredState, type VersionKind } from '../store/send.entities';
import type { ListedSend, SendFilter } from './send-directory';

/** Filters of the list of sends, and of their number. */
export class SendsFilter {
  @OneOf(sendStates, 'Only sends in this state; without it `broadcasting` and `mined`.', 'broadcasting', {
    input: 'optional',
  })
  state?: StoredState;

  @Text('Only sends on this chain, CAIP-2.', 'eip155:1', { input: 'optional', max: 40 })
  chainId?: string;

  @Id('Only sends that this application asked for.', undefined, { input: 'optional' })
  applicationId?: string;

  @Id('Only sends of this wallet.', undefined, { input: 'optional' })
  walletId?: string;

  @Instant('Only sends that were asked for before this instant.', undefined, { input: 'optional' })
  createdBefore?: string;

  static toFilter({ createdBefore, applicationId, walletId, ...rest }: SendsFilter): SendFilter {
    return {
      ...rest,
      applicationId: applicationId?.toLowerCase(),
      walletId: walletId?.toLowerCase(),
      createdBefore: createdBefore === undefined ? undefined : new Date(createdBefore),
    };
  }
}

export class SendsQuery extends IntersectionType(PageQuery, SendsFilter) {}

/** What a node last said to the bytes of a version. */
export class AdminSendAnswerResponse {
  @Count('0 for the first URL of the chain.', 0)
  node: number;

  @Text('How its answer was read: `accepted`, `known`, `nonce-used`, `underpriced` and so on.', 'accepted')
  answer: string;

  @Integer('Its code of JSON-RPC.', -32000, { nullable: true })
  code: number | null;

  @Text('Its words without numbers, addresses and URLs.', null, { nullable: true })
  words: string | null;

  @Instant('When.')
  at: string;
}

export class AdminSendVersionResponse {
  @OneOf(versionKinds, 'Any version may be the one that a block gets.', 'first')
  kind: VersionKind;

  @Instant('When it was signed.')
  createdAt: string;

  @ListOf(AdminSendAnswerResponse, 'By node.')
  answers: readonly AdminSendAnswerResponse[];
}

/** A send as operators see it: without recipient, amount, hash and bytes. */
export class AdminSendResponse {
  @Id('The send.')
  sendId: string;

  @Id('The wallet.')
  walletId: string;

  @Id('Its account.')
  userId: string;

  @Id('The application that asked.')
  applicationId: string;

  @Text('CAIP-2.', 'eip155:1')
  chainId: string;

  @OneOf(sendStates, 'As `getSend` says.', 'broadcasting')
  state: StoredState;

  @Count('Of the transaction.', 0)
  nonce: number;

  @Instant('When it was asked for.')
  createdAt: string;

  @Instant('When nodes were last asked for it.')
  lookedAt: string;

  @ListOf(AdminSendVersionResponse, 'Oldest first.')
  versions: readonly AdminSendVersionResponse[];

  static of({ id: sendId, createdAt, lookedAt, versions, ...send }: ListedSend): AdminSendResponse {
    const { walletId, userId, applicationId, chainId, state, nonce } = send;
    return {
      ...{ sendId, walletId, userId, applicationId, chainId, state },
      nonce: Number(nonce),
      createdAt: createdAt.toISOString(),
      lookedAt: lookedAt.toISOString(),
      versions: versions.map((version) => ({
        kind: version.kind,
        createdAt: version.createdAt.toISOString(),
        answers: version.answers.map(({ node, answer, code, words, at }) => ({
          ...{ node, answer, code, words, at: at.toISOString() },
        })),
      })),
    };
  }
}

export class AdminSendPageResponse extends AdminPageOf(AdminSendResponse, 'Newest first.') {}

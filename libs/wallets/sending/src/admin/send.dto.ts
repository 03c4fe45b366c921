import { PickType } from '@nestjs/swagger';
import {
  Count,
  Id,
  Instant,
  Integer,
  ListOf,
  OneOf,
  PageQuery,
  Text,
  toResponse,
  PageOf,
} from '@countersign/http';
import { SendResponse, SendVersionResponse } from '../dto/act.dto';
import { sendStates, type StoredState } from '../store/send.entities';
import type { ListedSend, SendFilter } from './send-directory';

/** Filters of the list of sends. */
export class SendsQuery extends PageQuery {
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

  static toFilter({ createdBefore, applicationId, walletId, ...rest }: SendsQuery): SendFilter {
    return {
      ...rest,
      applicationId: applicationId?.toLowerCase(),
      walletId: walletId?.toLowerCase(),
      createdBefore: createdBefore === undefined ? undefined : new Date(createdBefore),
    };
  }
}

/** What a node last said to the bytes of the newest version. */
class AdminSendAnswerResponse {
  @Count('0 for the first URL of the chain.', 0)
  node: number;

  @Text('How its answer was read: `accepted`, `known`, `nonce-used`, `underpriced` and so on.', 'accepted')
  answer: string;

  @Integer('Its code of JSON-RPC.', -32000, { nullable: true })
  code: number | null;

  @Text('Its words without numbers, addresses and URLs.', null, { nullable: true })
  words: string | null;
}

class AdminSendVersionResponse extends PickType(SendVersionResponse, ['kind', 'createdAt']) {}

const SHOWN = ['sendId', 'chainId', 'state', 'nonce', 'createdAt'] as const;

/** A send as operators see it: without recipient, amount, hash and bytes. */
export class AdminSendResponse extends PickType(SendResponse, SHOWN) {
  @Id('The wallet.')
  walletId: string;

  @Id('Its account.')
  userId: string;

  @Id('The application that asked.')
  applicationId: string;

  @Instant('When nodes were last asked for it.')
  lookedAt: string;

  @ListOf(AdminSendVersionResponse, 'Oldest first.')
  versions: readonly AdminSendVersionResponse[];

  @ListOf(AdminSendAnswerResponse, 'By node, when the bytes were last given to them.')
  answers: readonly AdminSendAnswerResponse[];

  static of(send: ListedSend): AdminSendResponse {
    return toResponse(AdminSendResponse, {
      ...send,
      sendId: send.id,
      nonce: Number(send.nonce),
      versions: send.versions.map((version) => toResponse(AdminSendVersionResponse, version)),
      answers: send.answers.map((answer) => toResponse(AdminSendAnswerResponse, answer)),
    });
  }
}

export class AdminSendPageResponse extends PageOf(AdminSendResponse, 'Newest first.') {}

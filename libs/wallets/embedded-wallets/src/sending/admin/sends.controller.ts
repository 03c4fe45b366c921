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
  readPage,
  type Keyset,
} from '@countersign/http';
import type { NodeAnswer } from '@countersign/chains';
import { Get, Query } from '@nestjs/common';
import { AdminController, Operation } from '@countersign/admin';
import { SendInPath, SendResponse, SendVersionResponse } from '../dto/act.dto';
import { sendStates, type StoredState } from '../store/send.entities';
import { SendDirectory, type ListedSend } from './send-directory';
import { walletScopes } from '@countersign/linked-wallets';

class SendsQuery extends PageQuery {
  @OneOf(sendStates, 'Only sends in this state; without it `broadcasting` and `mined`.', 'broadcasting', {
    input: 'optional',
  })
  state?: StoredState;

  @Id('Only sends of this wallet.', undefined, { input: 'optional' })
  walletId?: string;
}

class AdminSendAnswerResponse {
  @Count('0 for the first URL of the chain.', 0)
  node: number;

  @OneOf(
    ['accepted', 'known', 'refused', 'unanswered'],
    '`known`: it has them already. `unanswered`: it may have taken them.',
    'accepted',
  )
  answer: NodeAnswer['answer'];

  @Integer('Its code of JSON-RPC.', -32000, { nullable: true })
  code: number | null;

  @Text('Its words without numbers, addresses and URLs.', null, { nullable: true })
  words: string | null;
}

class AdminSendVersionResponse extends PickType(SendVersionResponse, ['kind', 'createdAt']) {}

const SHOWN = ['sendId', 'chainId', 'state', 'nonce', 'createdAt'] as const;

/** Operators do not see recipient, amount, hash and bytes. */
class AdminSendResponse extends PickType(SendResponse, SHOWN) {
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

class AdminSendPageResponse extends PageOf(AdminSendResponse, 'Newest first.') {}

@AdminController('sends', 'Wallets')
export class AdminSendsController {
  constructor(private readonly directory: SendDirectory) {}

  @Get()
  @Operation('listSends', walletScopes.walletsRead, AdminSendPageResponse, {
    summary: 'List sends of embedded wallets, with what each node said, newest first',
    description: 'Without recipients, amounts and hashes. A stuck one is `broadcasting` for long.',
  })
  async list(@Query() query: SendsQuery): Promise<AdminSendPageResponse> {
    const read = (keyset: Keyset) => this.directory.list(query, keyset);
    return readPage(query, AdminSendResponse, read);
  }

  @Get(':sendId')
  @Operation('readSend', walletScopes.walletsRead, AdminSendResponse, 'Read a send, with what each node said')
  async read(@SendInPath() id: string): Promise<AdminSendResponse> {
    return AdminSendResponse.of(await this.directory.get(id));
  }
}

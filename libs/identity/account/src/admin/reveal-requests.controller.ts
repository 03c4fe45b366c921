import { Get, Post, Query } from '@nestjs/common';
import { AdminController, Cursors, Operation } from '@countersign/admin';
import { IdInPath, PageQuery, type Keyset } from '@countersign/http';
import { RevealRequestPageResponse, RevealRequestResponse } from './dto/reveal.dto';
import { RevealRequests } from '../reveals/reveal-requests.service';

const errors = ['user.reveal_request_not_found', 'user.reveal_request_over', 'user.reveal_not_independent'];

/** Decisions on requests to read personal fields or to export accounts. */
@AdminController('reveal-requests', 'Users')
export class RevealRequestsController {
  constructor(
    private readonly requests: RevealRequests,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Operation('listRevealRequests', 'users:reveal_approve', RevealRequestPageResponse, {
    summary:
      'List requests to read personal fields or to export accounts that wait for a decision, newest first',
  })
  list(@Query() query: PageQuery): Promise<RevealRequestPageResponse> {
    const read = (keyset: Keyset) => this.requests.list(keyset);
    return this.cursors.page('reveal-requests', query, RevealRequestResponse, read);
  }

  @Post(':requestId/approve')
  @Operation('approveRevealRequest', 'users:reveal_approve', RevealRequestResponse, {
    summary: 'Let the operator of a request read the fields, or export the account, once',
    description:
      'Never a request of one’s own, by no principal with `principals:write`, and by none that made the asking one, issued a secret ' +
      'of it, or has a maker in common with it.',
    errors,
  })
  async approve(
    @IdInPath('requestId', 'user.reveal_request_not_found') id: string,
  ): Promise<RevealRequestResponse> {
    return RevealRequestResponse.of(await this.requests.decide(id, 'approved'));
  }

  @Post(':requestId/decline')
  @Operation('declineRevealRequest', 'users:reveal_approve', RevealRequestResponse, {
    summary: 'Decline a request to read personal fields or to export an account',
    description: 'The operator cannot repeat it until it expires.',
    errors,
  })
  async decline(
    @IdInPath('requestId', 'user.reveal_request_not_found') id: string,
  ): Promise<RevealRequestResponse> {
    return RevealRequestResponse.of(await this.requests.decide(id, 'declined'));
  }
}

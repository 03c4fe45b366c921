import { Get, Param } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { Operation } from '../routes/operation';
import { refusalError, RefusedRequests } from '@countersign/audit';
import { RefusedRequestResponse, RefusedRequestsResponse } from '../dto/refused-request.dto';
import { AdminController } from '../routes/admin-controller';

const REQUEST_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

@AdminController('requests', 'Audit')
export class RefusedRequestsController {
  constructor(private readonly requests: RefusedRequests) {}

  @Get(':requestId')
  @Operation('explainRefusedRequest', 'audit:read', RefusedRequestsResponse, {
    summary: 'Tell why a request was refused',
    description:
      'By the `requestId` of its answer, for 3 days. Nothing that the request presented is kept. Of requests of one ' +
      'minute that were refused alike only the first 50 are, and 1000 in all at each replica. Callers may choose the ' +
      'ids of their requests, so that several may have the same. Other replicas tell it after some seconds. Each call is ' +
      'recorded in the audit trail.',
    errors: ['refused_request.not_found'],
  })
  @ApiParam({
    name: 'requestId',
    description: 'The id of the request, as in `X-Request-Id`.',
    schema: { type: 'string', maxLength: 100, example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11' },
  })
  async explain(@Param('requestId') requestId: string): Promise<RefusedRequestsResponse> {
    if (!REQUEST_ID.test(requestId)) throw refusalError('refused_request.not_found');
    const found = await this.requests.find(requestId);
    return { items: found.map((one) => RefusedRequestResponse.of(one)) };
  }
}

import { AppLinkResponse } from '@countersign/applications';
import { Id, Instant, Integer, ListOf, Matching, Text } from '@countersign/http';

export class SendLaunchResponse {
  @Text('The start parameter of the launch is `w_` and this code.', 'AZmjxn8t...')
  code: string;

  @Instant('Until when a launch may name the send.')
  expiresAt: string;

  @ListOf(AppLinkResponse, 'Links that open the Mini App with the code.')
  links: readonly AppLinkResponse[];
}

/** In the answer of a sign-in whose start parameter carried the code of a send. */
export class LaunchedSendResponse {
  @Id('The embedded wallet.')
  walletId: string;

  @Id('The send. Read it and show it to the person, who confirms or cancels it.')
  sendId: string;

  @Text('The call that confirms it brings it as `X-Step-Up-Grant`, in this session and once.', 'cs_sg_...')
  grant: string;

  @Integer('Seconds for which the grant is good.', 300)
  expiresIn: number;
}

/** In the answer of a sign-in whose start parameter carried a code that freezes. */
export class FrozenByLaunchResponse {
  @Id('The embedded wallet. It does nothing now.')
  walletId: string;
}

/** Without members for a send that is waiting; with all of them for one that nodes have. */
export class CancelRequest {
  @Text('For `send`, of this session and exactly this request.', 'cs_wt_...', { input: 'optional', max: 256 })
  walletToken?: string;

  @Text('CAIP-2.', 'eip155:1', { input: 'optional', max: 40 })
  chainId?: string;

  @Matching('`details.maxFee` of the token.', '630000000000000', {
    input: 'optional',
    pattern: /^(?:0|[1-9]\d{0,30})$/,
    message: 'must be decimal text',
  })
  maxFee?: string;
}

import { StartLinkResponse } from '@countersign/applications';
import { ListOf, Text } from '@countersign/http';

export class ReferralCodeResponse {
  @Text('12 letters and digits that are not mixed up. The same at each call.', 'k7m2qd9xw4ht')
  code: string;

  @ListOf(StartLinkResponse, 'For each active bot of the application in Telegram’s production environment.')
  links: readonly StartLinkResponse[];
}

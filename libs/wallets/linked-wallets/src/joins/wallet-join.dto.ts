import { AcceptJoinBody } from '@countersign/account';
import { Text } from '@countersign/http';

export class WalletOfJoinBody {
  @Text('The address of an EVM wallet.', '0x9858effd232b4033e47d90003d41ec34ecaeda94', {
    input: 'required',
    max: 100,
  })
  address: string;
}

export class AcceptJoinByWalletBody extends AcceptJoinBody {
  @Text('The challenge that the wallet answers.', 'cs_wc_...', { input: 'required', max: 128 })
  challengeId: string;

  @Text('Of `message` by `personal_sign`.', '0x5c1f0a7e1b', { input: 'required', max: 16_386 })
  signature: string;
}

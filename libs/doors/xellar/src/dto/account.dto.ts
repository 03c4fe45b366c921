import { IntersectionType } from '@nestjs/swagger';
import { ListOf, Matching, Text } from '@countersign/http';
import { XellarAddress } from './address.dto';

export class XellarCreateRequest {
  @Text('When the tokens end, if that is earlier than otherwise.', '2030-01-02', {
    input: 'optional',
    max: 40,
  })
  expireDate?: string;

  @Text('The same, as other clients spell it.', '2030-01-02', { input: 'optional', max: 40 })
  expiredDate?: string;
}

export class XellarRefreshRequest {
  @Text('Of the last answer that had one.', 'xr_...', { input: 'required', max: 1_000 })
  refreshToken: string;
}

export class XellarPairResponse {
  @Text('For one call of a wallet.', 'eyJ...')
  walletToken: string;

  @Text('For the next pair; not in v1.', 'xr_...', { optional: true })
  refreshToken?: string;
}

export class XellarAddressResponse {
  @ListOf(XellarAddress, 'In v1 the address itself, as text.')
  address: string | readonly XellarAddress[];
}

export class XellarRecoverRequest extends XellarCreateRequest {
  @Text('The recovery file, whose name ends with `.xellar`.', '(binary)', { input: 'required', max: 1_000 })
  file: string;

  @Matching('Six digits. Not needed: files of this service have no PIN.', '123456', {
    input: 'optional',
    pattern: /^\d{6}$/,
  })
  pin?: string;
}

/** The secret, or the link of a launch that confirms making one. */
export class XellarSecretResponse {
  @Text('The recovery secret of the person.', '7K3D-0QZB-4MWX-9HTN-2V6E-RJ8C-1PAS-5GYF', { optional: true })
  secret0?: string;

  @Text(
    'A link to the same secret as a file, valid for five minutes and one download.',
    'https://id.example/api/v2/...',
    {
      optional: true,
    },
  )
  secret0Link?: string;

  @Text(
    'Instead of a secret: a link that opens the Mini App. The login of that launch confirms making one.',
    'https://t.me/game_bot?startapp=s_...',
    {
      optional: true,
    },
  )
  recoveryLink?: string;
}

export class XellarCreateResponse extends IntersectionType(XellarPairResponse, XellarSecretResponse) {
  @ListOf(XellarAddress, 'In v1 the address itself, as text.')
  address: string | readonly XellarAddress[];
}

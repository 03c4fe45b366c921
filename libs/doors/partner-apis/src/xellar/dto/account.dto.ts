import { IntersectionType } from '@nestjs/swagger';
import { ListOf, OneOf, Text } from '@countersign/http';

export class XellarAddress {
  @OneOf(['evm'], 'One address for all networks of this kind.', 'evm')
  network: 'evm';

  @Text('With the checksum of EIP-55.', '0x9858EfFD232B4033E47d90003D41EC34EcaEda94')
  address: string;
}

export class XellarCreateRequest {
  @Text('When the tokens end, within the session.', '2030-01-02', { input: 'optional', max: 40 })
  expireDate?: string;

  @Text('The same. The earlier one counts.', '2030-01-02', { input: 'optional', max: 40 })
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

export class XellarCreateResponse extends IntersectionType(XellarPairResponse, XellarAddressResponse) {}

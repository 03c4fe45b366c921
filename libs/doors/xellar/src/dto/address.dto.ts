import { OneOf, Text } from '@countersign/http';

export class XellarAddress {
  @OneOf(['evm'], 'One address for all networks of this kind.', 'evm')
  network: 'evm';

  @Text('With the checksum of EIP-55.', '0x9858EfFD232B4033E47d90003D41EC34EcaEda94')
  address: string;
}

import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

export class UsernameQuery {
  @ApiProperty({
    description: 'A username; upper case counts as lower case.',
    type: String,
    example: 'ada_lovelace',
  })
  @Matches(/^[A-Za-z0-9_]{5,32}$/, { message: 'must be 5 to 32 characters of a-z, 0-9 and _' })
  username: string;
}

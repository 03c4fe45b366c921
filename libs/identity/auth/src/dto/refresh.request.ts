import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { MayBeAbsent } from '@countersign/http';
import { MAX_INIT_DATA_BYTES } from '@countersign/telegram';

export class RefreshRequest {
  @ApiProperty({ description: 'The refresh token of the latest pair.', example: 'cs_rt_...' })
  @IsString()
  @MaxLength(512)
  refreshToken: string;

  @ApiPropertyOptional({
    description:
      'Of the running Mini App: refused when it names another person than the session. Its age is not checked.',
    maxLength: MAX_INIT_DATA_BYTES,
    example: 'user=%7B%22id%22%3A279058397%7D&auth_date=1763625600&signature=...&hash=...',
  })
  @MayBeAbsent()
  @IsString()
  initData?: string;
}

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';

export class InitDataSignIn {
  @ApiProperty({ format: 'uuid', example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42' })
  @IsUUID()
  applicationId: string;

  @ApiProperty({
    description: '`Telegram.WebApp.initData` as it is, at most 8 KiB.',
    example:
      'user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%7D&auth_date=1763625600&signature=...&hash=...',
  })
  @IsString()
  initData: string;

  @ApiPropertyOptional({ description: 'Only where the application has several bots.', example: '7342037359' })
  @IsOptional()
  @Matches(/^[1-9]\d{0,15}$/, { message: 'must be the numeric id of a bot, as text' })
  botId?: string;

  @ApiPropertyOptional({
    description: 'Shown to the person in the list of their sessions.',
    example: 'Pixel 9',
  })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  deviceName?: string;
}

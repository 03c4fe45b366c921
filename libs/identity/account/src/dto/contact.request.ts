import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, Matches } from 'class-validator';
import { BOT_ID } from '@countersign/applications';
import { MayBeAbsent } from '@countersign/http';
import { MAX_INIT_DATA_BYTES } from '@countersign/telegram';

export class ContactRequest {
  @ApiProperty({
    description: 'The result of `requestContact`, unchanged: a signed query string, at most 8 KiB.',
    maxLength: MAX_INIT_DATA_BYTES,
    example: 'contact=%7B%22user_id%22%3A279058397%7D&auth_date=1763625600&hash=...',
  })
  @IsString()
  contact: string;

  @ApiPropertyOptional({ description: 'Only where the application has several bots.', example: '7342037359' })
  @MayBeAbsent()
  @Matches(BOT_ID, { message: 'must be the numeric id of a bot, as text' })
  botId?: string;
}

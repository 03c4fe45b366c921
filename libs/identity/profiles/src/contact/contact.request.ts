import { BOT_ID } from '@countersign/applications';
import { Matching, Text } from '@countersign/http';
import { MAX_INIT_DATA_BYTES } from '@countersign/telegram';

export class ContactRequest {
  @Text(
    'The result of `requestContact`, unchanged: a signed query string, at most 8 KiB.',
    'contact=%7B%22user_id%22%3A279058397%7D&auth_date=1763625600&hash=...',
    { input: 'required', schema: { maxLength: MAX_INIT_DATA_BYTES } },
  )
  contact: string;

  @Matching('Only where the application has several bots.', '7342037359', {
    input: 'optional',
    pattern: BOT_ID,
    message: 'must be the numeric id of a bot, as text',
  })
  botId?: string;
}

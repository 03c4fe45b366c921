import { Body, Post } from '@nestjs/common';
import { ApiController, Matching, Text } from '@countersign/http';
import { AcceptsGrant } from '../../rules/account-plane';
import { Caller, CallerRule, InSession, type Principal } from '@countersign/sessions';
import { contactRefusals, MAX_INIT_DATA_BYTES } from '@countersign/proofs';
import { BOT_ID } from '@countersign/applications';
import { ContactService } from './contact.service';

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

@ApiController('v1/me', 'The person')
export class ContactController {
  constructor(private readonly contacts: ContactService) {}

  @Post('contact')
  @AcceptsGrant()
  @CallerRule(ContactService, (contacts, caller) => contacts.assertMayAdd(caller))
  @InSession('addContact', null, {
    summary: 'Store the phone number from `requestContact`',
    description:
      'The contact is signed by the bot’s token and has to be the caller’s own. Only where the application needs `phone`. ' +
      'In a session whose sign-in proof is at most five minutes old, or after step-up (`profile.change_contact`).',
    errors: [
      ...Object.keys(contactRefusals),
      'account.contact_of_another',
      'account.data_not_needed',
      'auth.assurance_too_low',
      'auth.proof_outdated',
      'bot.ambiguous',
      'bot.compromised',
      'bot.disabled',
      'bot.not_found',
    ],
  })
  addContact(@Caller() caller: Principal, @Body() body: ContactRequest): Promise<void> {
    return this.contacts.add(caller, body);
  }
}

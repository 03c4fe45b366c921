import { signFields, unixSeconds } from './sign-fields';

/** A person who shares their own phone number with a Mini App. */
export interface FakeContact {
  readonly botToken: string;
  readonly userId: number;
  /** As Telegram writes it, with a leading `+`. */
  readonly phoneNumber: string;
  readonly firstName: string;
  readonly lastName?: string | undefined;
  readonly authDate: Date;
}

/**
 * The result of `requestContact`: fields under the key of the bot's init data, with a `contact` and no
 * `user`.
 */
export function signContact(contact: FakeContact): string {
  const json = JSON.stringify({
    user_id: contact.userId,
    phone_number: contact.phoneNumber,
    first_name: contact.firstName,
    last_name: contact.lastName,
  });
  return signFields(
    [
      ['contact', json],
      ['auth_date', unixSeconds(contact.authDate).toString()],
    ],
    contact.botToken,
  );
}

import { BOT_ID } from '@countersign/applications';
import { Flag, Id, Matching, Text } from '@countersign/http';

export const BOT_ID_MESSAGE = 'must be the numeric id of a bot, as text';

export const EXAMPLE_APPLICATION_ID = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42';

export class SignInRequest {
  @Id('The id of the application.', EXAMPLE_APPLICATION_ID, { input: 'required' })
  applicationId: string;

  @Text('Shown to the person in the list of their sessions.', 'Pixel 9', { input: 'optional', max: 100 })
  deviceName?: string;

  @Flag(
    'Keeps an account that is to be erased. The proof must be unused, at most five minutes old, made after the ' +
      'request, and not weaker than the one that requested the erasure. Not to be sent unless the person decided so.',
    true,
    { input: 'optional' },
  )
  cancelErasure?: boolean;
}

/** Other bodies refuse `referralCode` as an unknown field. */
export interface MayHaveReferralCode {
  referralCode?: string;
}

const bodiesWithCode: object[] = [];
let codeField: PropertyDecorator = () => undefined;

/** For doors whose proofs carry no signed start parameter: the body takes `referralCode` if a feature reads it. */
export function TakesReferralCode(): ClassDecorator {
  return ({ prototype }) => {
    bodiesWithCode.push(prototype as object);
    codeField(prototype as object, 'referralCode');
  };
}

/** The feature that reads the code calls this. It adds the property to the bodies that take it. */
export function defineReferralCode(field: PropertyDecorator): void {
  codeField = (body, name) => {
    // The compiler writes this metadata for a declared field. The API documents read it.
    Reflect.defineMetadata('design:type', String, body, name);
    field(body, name);
  };
  for (const body of bodiesWithCode) codeField(body, 'referralCode');
}

export class BotSignInRequest extends SignInRequest {
  @Matching('Of several bots.', '7342037359', { input: 'optional', pattern: BOT_ID, message: BOT_ID_MESSAGE })
  botId?: string;
}

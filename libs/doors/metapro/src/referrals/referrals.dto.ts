import { Id, ObjectOf, OneOf, Text } from '@countersign/http';

const referralCodeStatuses = ['required', 'optional', 'disabled'] as const;

export class MetaproReferralSettingsResponse {
  @Id('The application: it has one configuration.')
  referralSettingsId: string;

  @Id('The application.')
  projectId: string;

  @OneOf(referralCodeStatuses, 'Whether a first login needs a code.', 'optional')
  referralCodeStatus: (typeof referralCodeStatuses)[number];

  @ObjectOf({ type: 'number' }, 'The fraction of a reward for each level, nearest first.', { 1: 0.1 })
  referralLevelsConfiguration: Readonly<Record<string, number>>;
}

export class MetaproReferralCodeResponse {
  @Text('As it stands in a start parameter; empty where the person has none yet.', 'r_k7m2qd9xw4ht')
  referralCode: string;
}

export class MetaproReferralCodeRequest {
  @Id('The application of the session.', undefined, { input: 'required' })
  projectId: string;
}

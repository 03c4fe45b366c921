import { type FieldOptions, Id, PageQuery, Text } from '@countersign/http';

const MAX_LINKS = 8;

function NameField(options?: FieldOptions): PropertyDecorator {
  return Text(
    '2 to 64 characters, as people count them; one script per word. Unique, also among names that look alike.',
    'Night Owls',
    options,
  );
}

/** What a team shows of itself, beside its name. */
class ShownTeamPatch {
  @Text('1 to 1000 characters, as people count them.', 'We play at night.', { input: 'removable' })
  description?: string | null;

  @Text('An https URL of at most 1024 characters.', 'https://example.com/owl.png', { input: 'removable' })
  logoUrl?: string | null;

  @Text('An https URL of at most 1024 characters.', 'https://example.com/night.png', { input: 'removable' })
  bannerUrl?: string | null;

  @Text('An https URL of at most 1024 characters.', 'https://example.com', { input: 'removable' })
  websiteUrl?: string | null;

  @Text('https URLs: the whole list, of at most 8.', ['https://t.me/night_owls'], {
    input: 'removable',
    list: { max: MAX_LINKS },
  })
  socialLinks?: string[] | null;
}

export class CreateTeamRequest extends ShownTeamPatch {
  @NameField({ input: 'required' })
  name: string;
}

/** A JSON merge patch (RFC 7396): fields that are left out stay, `null` removes. */
export class TeamPatch extends ShownTeamPatch {
  @NameField({ input: 'optional' })
  name?: string;
}

export class TransferTeamRequest {
  @Id('The member who becomes the owner.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10', { input: 'required' })
  userId: string;
}

export const MAX_NAME_LENGTH = 256;

export class TeamsQuery extends PageQuery {
  @Text(
    'Only teams whose names begin with this, in upper or lower case; letters that look alike count as one. The list is by name then.',
    'nigh',
    { input: 'optional', max: MAX_NAME_LENGTH },
  )
  name?: string;

  @Id('Only teams that this person created.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10', { input: 'optional' })
  createdBy?: string;

  @Id(
    'Only teams that this person is a member of. A session finds those of others only where the caller is a member too.',
    '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10',
    { input: 'optional' },
  )
  member?: string;
}

export class TeamNameQuery {
  @Text('The name that a team would have.', 'Night Owls', { input: 'required', max: MAX_NAME_LENGTH })
  name: string;
}

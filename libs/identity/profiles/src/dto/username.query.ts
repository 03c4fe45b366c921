import { Matching } from '@countersign/http';

export class UsernameQuery {
  @Matching('A username; upper case counts as lower case.', 'ada_lovelace', {
    input: 'required',
    pattern: /^[A-Za-z0-9_]{5,32}$/,
    message: 'must be 5 to 32 characters of a-z, 0-9 and _',
  })
  username: string;
}
